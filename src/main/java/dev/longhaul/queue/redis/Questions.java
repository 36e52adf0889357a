package dev.longhaul.queue.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.queue.AskedQuestion;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.redis.Scripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Stores the questions of jobs, in the hash {@code qs} of each. */
final class Questions {
  /** The longest lifetime of a job; the hash is deleted when the job ends. */
  private static final Duration LIFE = Duration.ofDays(8);

  /**
   * A question as it is stored.
   *
   * @param m method
   * @param p params
   * @param i identity
   * @param n its number among all questions of the job
   */
  private record Stored(String m, String p, String i, int n) {}

  private record Found(AskedQuestion question, int place, boolean open) {}

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final JsonMapper json;

  Questions(QueueConnections connections, RedisKeys keys, JsonMapper json) {
    this.connections = connections;
    this.keys = keys;
    this.json = json;
  }

  CompletableFuture<List<AskedQuestion>> all(JobId id) {
    return found(id).thenApply(all -> all.stream().map(Found::question).toList());
  }

  CompletableFuture<List<OpenQuestion>> open(JobId id) {
    return found(id)
        .thenApply(all ->
            all.stream().filter(Found::open).map(each -> each.question().question()).toList());
  }

  CompletableFuture<Boolean> ask(
      JobId id, LeaseToken token, List<AskedQuestion> questions, boolean first) {
    List<String> args = new ArrayList<>();
    StepMessages.addToken(args, id, token);
    args.add(first ? "1" : "0");
    args.add(Long.toString(LIFE.toMillis()));
    // In the caller's thread, because a Netty thread must not wait for a connection.
    var redis = connections.shared();
    return all(id)
        .thenCompose(known -> {
          int place = known.size();
          for (AskedQuestion asked : questions) {
            OpenQuestion question = asked.question();
            args.add(question.key());
            args.add(
                json.writeValueAsString(
                    new Stored(question.method(), question.params(), asked.identity(), place++)));
          }
          return Scripts.number(redis, Script.ASK, keys.tag(id.shard()), args);
        })
        .thenApply(answer -> answer == 1);
  }

  CompletableFuture<Integer> answer(JobId id, Map<String, String> answers) {
    List<String> args = new ArrayList<>();
    args.add(id.value());
    answers.forEach((key, answer) -> {
      args.add(key);
      args.add(answer);
    });
    return Scripts.number(connections.shared(), Script.ANSWER, keys.tag(id.shard()), args)
        .thenApply(Long::intValue);
  }

  private CompletableFuture<List<Found>> found(JobId id) {
    return connections
        .shared()
        .hgetall(keys.questions(id.shard(), id.value()))
        .toCompletableFuture()
        .thenApply(this::read);
  }

  private List<Found> read(Map<String, String> fields) {
    List<Found> found = new ArrayList<>();
    fields.forEach((field, value) -> {
      if (field.startsWith("q:")) {
        String key = field.substring(2);
        Stored stored = json.readValue(value, Stored.class);
        @Nullable String answer = fields.get("a:" + key);
        found.add(
            new Found(
                new AskedQuestion(
                    new OpenQuestion(key, stored.m(), stored.p()), stored.i(), answer),
                stored.n(),
                fields.containsKey("o:" + key)));
      }
    });
    found.sort(Comparator.comparingInt(Found::place));
    return found;
  }
}
