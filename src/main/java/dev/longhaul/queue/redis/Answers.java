package dev.longhaul.queue.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What several shards answered: some may be away while the others must be served. */
final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /**
   * Waits for all of them.
   *
   * @return the answers there are
   * @throws RuntimeException the first failure, when there is no answer at all
   */
  static <T> Map<Integer, T> of(
      Map<Integer, CompletableFuture<T>> sent, Function<CompletableFuture<T>, T> await) {
    Map<Integer, T> answers = new LinkedHashMap<>();
    RuntimeException failure = null;
    for (var one : sent.entrySet()) {
      try {
        answers.put(one.getKey(), await.apply(one.getValue()));
      } catch (RuntimeException e) {
        log.warn("Shard {} did not answer ({}); the others did", one.getKey(), e.getMessage());
        failure = e;
      }
    }
    if (failure != null && answers.isEmpty()) {
      throw failure;
    }
    return answers;
  }
}
