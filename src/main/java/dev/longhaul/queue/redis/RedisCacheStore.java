package dev.longhaul.queue.redis;

import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.Digest;
import dev.longhaul.job.JobId;
import dev.longhaul.job.RandomText;
import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cached results in Redis: a hash for each call, in the home shard of its name, on the connection
 * for results. Its time limit is shorter than others, since every call can do without the cache.
 */
final class RedisCacheStore implements CacheStore {
  private static final String NO_JOB = "-";
  private static final long HIT = 1;
  private static final long RUNNING = 2;

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final InvalidationChannel channel = new InvalidationChannel();
  private final long compressFrom;
  private final Duration limit;

  /**
   * @param compressFrom from how many bytes a result is compressed
   * @param limit how long Redis may take
   */
  RedisCacheStore(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      long compressFrom,
      Duration limit) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.compressFrom = compressFrom;
    this.limit = limit;
    connections.add(keys.invalidations(), channel);
  }

  @Override
  public Optional<CachedResult> find(CacheKey key) {
    List<Object> found = get(key.name(), key.call(), key.variant());
    return (Long) found.getFirst() == HIT ? Optional.of(cached(found)) : Optional.empty();
  }

  @Override
  public Begin begin(CacheKey key, String flight, Duration life, Duration longest, boolean anew) {
    String token = RandomText.hex(16);
    List<Object> found =
        get(
            key.name(),
            key.call(),
            key.variant(),
            flight,
            token,
            Long.toString(Math.max(1, longest.toMillis())),
            anew ? "1" : "0");
    long code = (Long) found.getFirst();
    if (code == HIT) {
      return new Begin.Hit(cached(found));
    }
    if (code != RUNNING) {
      return new Begin.Uncached();
    }
    String running = text(found.get(1));
    return new Begin.Running(new CacheRun(key, flight, running, life), running.equals(token));
  }

  // A process that reads results must be notified of their invalidation.
  private List<Object> get(String name, String... more) {
    connections.tune(limit);
    return run(Script.CACHE_GET, ScriptOutputType.MULTI, name, List.of(), more);
  }

  private static CachedResult cached(List<Object> found) {
    String job = text(found.get(4));
    byte[] stored = (byte[]) found.get(5);
    int length = Integer.parseInt(text(found.get(3)));
    return new CachedResult(
        text(length == 0 ? stored : LargeResults.decompressed(stored, length)),
        Duration.ofMillis(Long.parseLong(text(found.get(1)))),
        Duration.ofMillis(Long.parseLong(text(found.get(2)))),
        job.equals(NO_JOB) ? null : new JobId(job));
  }

  @Override
  public boolean end(CacheRun run, @Nullable String result, @Nullable JobId job) {
    List<byte[]> cached = List.of();
    if (result != null) {
      byte[] plain = bytes(result);
      boolean large = plain.length >= compressFrom;
      cached =
          List.of(
              bytes(Long.toString(run.life().toMillis())),
              bytes(large ? Integer.toString(plain.length) : "0"),
              bytes(job == null ? NO_JOB : job.value()),
              large ? LargeResults.compressed(plain) : plain);
    }
    CacheKey key = run.key();
    Long done =
        run(
            Script.CACHE_PUT,
            ScriptOutputType.INTEGER,
            key.name(),
            cached,
            key.call(),
            key.variant(),
            run.flight(),
            run.token(),
            keys.invalidations(),
            InvalidationChannel.message(new Invalidation(key.name(), key.call())));
    return done == 1;
  }

  @Override
  public void invalidate(Invalidation what, Duration remembered) {
    Long _ =
        run(
            Script.CACHE_INVALIDATE,
            ScriptOutputType.INTEGER,
            Objects.requireNonNull(what.name()),
            List.of(),
            what.call() == null ? "" : what.call(),
            RandomText.hex(16),
            Long.toString(Math.max(1, remembered.toMillis())),
            keys.invalidations(),
            InvalidationChannel.message(what));
  }

  @Override
  public Watch onInvalidation(Consumer<Invalidation> listener) {
    return channel.listen(listener);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // the script's output type decides it
  private <T> T run(
      Script script, ScriptOutputType type, String name, List<byte[]> last, String... args) {
    List<byte[]> all = new ArrayList<>();
    all.add(bytes(Digest.of(name)));
    Stream.of(args).map(RedisCacheStore::bytes).forEach(all::add);
    all.addAll(last);
    CompletableFuture<T> answer =
        Scripts.run(
            connections.bulk(),
            script,
            type,
            List.of(keys.tag(shards.home(name))),
            all.toArray(byte[][]::new));
    return connections.await(answer, limit);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Object answer) {
    return answer instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(answer);
  }
}
