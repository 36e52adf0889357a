package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.redis.Scripts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Stores held calls in one hash per digest, in the shard of the digest: the field is the job, the
 * value the record.
 */
final class RedisHeldCalls implements HeldCalls {
  private static final String ANY = "";
  private static final String GONE = "";

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;

  RedisHeldCalls(QueueConnections connections, RedisKeys keys, Shards shards) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
  }

  @Override
  public List<HeldCall> find(String digest) {
    Map<String, String> stored =
        connections.await(
            connections.shared().hgetall(keys.heldCalls(shards.home(digest), digest)));
    List<HeldCall> calls = new ArrayList<>(stored.size());
    stored.forEach((job, value) -> calls.add(read(new JobId(job), value)));
    calls.sort(Comparator.comparing(HeldCall::since).reversed());
    return calls;
  }

  @Override
  public void put(String digest, HeldCall call, Duration life) {
    boolean _ = write(digest, call.job(), ANY, value(call), life);
  }

  @Override
  public boolean change(String digest, HeldCall seen, HeldCall next, Duration life) {
    return write(digest, seen.job(), value(seen), value(next), life);
  }

  @Override
  public void remove(String digest, JobId job) {
    boolean _ = write(digest, job, ANY, GONE, Duration.ZERO);
  }

  @Override
  public boolean remove(String digest, HeldCall seen) {
    return write(digest, seen.job(), value(seen), GONE, Duration.ZERO);
  }

  private boolean write(String digest, JobId job, String seen, String next, Duration life) {
    List<String> args =
        List.of(
            digest,
            job.value(),
            seen,
            next,
            Long.toString(life.toMillis()),
            Integer.toString(MAX_CALLS));
    return connections.await(
            Scripts.number(
                connections.shared(), Script.HELD_CALL, keys.tag(shards.home(digest)), args))
        == 1;
  }

  // The time comes first, because the script compares it.
  private static String value(HeldCall call) {
    return call.since().toEpochMilli()
        + " "
        + call.changed().toEpochMilli()
        + " "
        + call.state().name()
        + " "
        + call.process()
        + " "
        + call.connection();
  }

  private static HeldCall read(JobId job, String value) {
    String[] parts = value.split(" ", 5);
    return new HeldCall(
        job,
        State.valueOf(parts[2]),
        parts[3],
        parts[4],
        Instant.ofEpochMilli(Long.parseLong(parts[0])),
        Instant.ofEpochMilli(Long.parseLong(parts[1])));
  }
}
