package dev.longhaul.queue.redis;

import dev.longhaul.job.Digest;
import dev.longhaul.job.JobId;
import dev.longhaul.job.RandomText;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Kept answers on Redis: a hash for each call, in the home shard of its name, on the connection for
 * results. Nobody waits long for what he could also do without.
 */
final class RedisAnswerStore implements AnswerStore {
  private static final String NO_JOB = "-";

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final Shards shards;
  private final AnswerNews news;
  private final long compressFrom;
  private final Duration limit;

  /**
   * @param compressFrom from how many bytes an answer is compressed
   * @param limit how long Redis may take
   */
  RedisAnswerStore(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      long compressFrom,
      Duration limit) {
    this.connections = connections;
    this.keys = keys;
    this.shards = shards;
    this.news = new AnswerNews(connections, keys);
    this.compressFrom = compressFrom;
    this.limit = limit;
  }

  @Override
  public Optional<Kept> find(Place place) {
    news.subscribe(limit);
    List<Object> found =
        list(Script.CACHE_FIND, place.name(), List.of(bytes(place.call()), bytes(place.variant())));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String job = text(found.get(3));
    var payload = new AnswerPayload((byte[]) found.get(4), Integer.parseInt(text(found.get(2))));
    return Optional.of(
        new Kept(
            payload.json(),
            Duration.ofMillis(Long.parseLong(text(found.get(0)))),
            Duration.ofMillis(Long.parseLong(text(found.get(1)))),
            job.equals(NO_JOB) ? null : new JobId(job)));
  }

  @Override
  public Beginning begin(Place place, String run, Duration time, boolean anew) {
    news.subscribe(limit);
    String token = RandomText.hex(16);
    List<Object> answer =
        list(
            Script.CACHE_BEGIN,
            place.name(),
            List.of(
                bytes(place.call()),
                bytes(place.variant()),
                bytes(run),
                bytes(token),
                bytes(Long.toString(Math.max(1, time.toMillis()))),
                bytes(anew ? "1" : "0")));
    long code = (Long) answer.get(0);
    if (code == 1) {
      return new Beginning.Known();
    }
    if (code == 3) {
      return new Beginning.Crowded();
    }
    String running = text(answer.get(1));
    return new Beginning.Running(running, running.equals(token));
  }

  @Override
  public boolean keep(
      Place place, String run, String token, String json, @Nullable JobId job, Duration life) {
    AnswerPayload payload = AnswerPayload.of(json, compressFrom);
    return ended(
        place,
        run,
        token,
        life,
        Integer.toString(payload.length()),
        job == null ? NO_JOB : job.value(),
        payload.stored());
  }

  @Override
  public void end(Place place, String run, String token) {
    var _ = ended(place, run, token, Duration.ZERO, "0", NO_JOB, new byte[0]);
  }

  private boolean ended(
      Place place,
      String run,
      String token,
      Duration life,
      String length,
      String job,
      byte[] payload) {
    long kept =
        number(
            Script.CACHE_KEEP,
            place.name(),
            List.of(
                bytes(place.call()),
                bytes(place.variant()),
                bytes(run),
                bytes(token),
                bytes(Long.toString(life.toMillis())),
                bytes(length),
                bytes(job),
                payload));
    return kept == 1;
  }

  @Override
  public void forget(String name, Duration remembered) {
    forget(name, "", remembered, AnswerNews.message(name, null));
  }

  @Override
  public void forget(String name, String call) {
    forget(name, call, Duration.ZERO, AnswerNews.message(name, call));
  }

  private void forget(String name, String call, Duration remembered, String message) {
    long _ =
        number(
            Script.CACHE_FORGET,
            name,
            List.of(
                bytes(call),
                bytes(RandomText.hex(16)),
                bytes(Long.toString(Math.max(1, remembered.toMillis()))),
                bytes(news.channel()),
                bytes(message)));
  }

  @Override
  public Watch onForgotten(Consumer<Forgotten> listener) {
    return news.listen(listener);
  }

  private List<Object> list(Script script, String name, List<byte[]> args) {
    CompletableFuture<List<Object>> answer = run(script, ScriptOutputType.MULTI, name, args);
    return connections.await(answer, limit);
  }

  private long number(Script script, String name, List<byte[]> args) {
    CompletableFuture<Long> answer = run(script, ScriptOutputType.INTEGER, name, args);
    return connections.await(answer, limit);
  }

  private <T> CompletableFuture<T> run(
      Script script, ScriptOutputType type, String name, List<byte[]> args) {
    List<byte[]> all = new ArrayList<>(args.size() + 1);
    all.add(bytes(Digest.of(name)));
    all.addAll(args);
    return Scripts.run(
        connections.bulk(),
        script,
        type,
        List.of(keys.tag(shards.home(name))),
        all.toArray(new byte[0][]));
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
