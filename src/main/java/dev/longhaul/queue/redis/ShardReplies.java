package dev.longhaul.queue.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the replies of several shards, some of which may be unavailable while the others must be
 * served.
 */
final class ShardReplies {
  private static final Logger log = LoggerFactory.getLogger(ShardReplies.class);

  private ShardReplies() {}

  /**
   * Waits for all replies.
   *
   * @return the successful replies by shard
   * @throws RuntimeException the first failure, if no shard has replied
   */
  static <T> Map<Integer, T> of(
      Map<Integer, CompletableFuture<T>> sent, Function<CompletableFuture<T>, T> await) {
    Map<Integer, T> answers = new LinkedHashMap<>();
    RuntimeException failure = null;
    for (var one : sent.entrySet()) {
      try {
        answers.put(one.getKey(), await.apply(one.getValue()));
      } catch (RuntimeException e) {
        log.warn(
            "Shard {} did not respond ({}); the other shards did", one.getKey(), e.getMessage());
        failure = e;
      }
    }
    if (failure != null && answers.isEmpty()) {
      throw failure;
    }
    return answers;
  }
}
