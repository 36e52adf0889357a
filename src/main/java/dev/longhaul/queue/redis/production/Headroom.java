package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;
import java.util.List;
import java.util.Locale;

/** How much memory the Redis has left before Longhaul accepts no more jobs. */
final class Headroom {
  private static final String CHECK = "maxmemory";
  private static final double SCARCE = 0.75;
  private static final double LARGEST_SENSIBLE_LIMIT = 0.95;

  private Headroom() {}

  /**
   * @param limit longhaul.redis.memory-limit, the share of maxmemory above which jobs are refused
   */
  static Finding of(RedisAnswers redis, double limit) {
    List<Long> most = redis.numbers("memory", "maxmemory");
    List<Long> used = redis.numbers("memory", "used_memory");
    if (most.isEmpty() || used.size() != most.size()) {
      return Unreadable.finding(CHECK, "+info");
    }
    if (most.contains(0L)) {
      return Finding.warn(
          CHECK,
          "It has no maxmemory, so longhaul.redis.memory-limit has no effect; when the machine's"
              + " memory is full, Redis is killed.",
          "Set maxmemory of Redis below the memory of its machine or container.");
    }
    if (limit > LARGEST_SENSIBLE_LIMIT) {
      return Finding.warn(
          CHECK,
          "longhaul.redis.memory-limit is " + limit + ": what runs has no room left to end.",
          "Set longhaul.redis.memory-limit to 0.8.");
    }
    // In a cluster the fullest node; INFO returns both fields of the nodes in the same order.
    double share = 0;
    for (int node = 0; node < most.size(); node++) {
      share = Math.max(share, (double) used.get(node) / most.get(node));
    }
    String observed = String.format(Locale.ROOT, "%.0f %% of maxmemory is used", share * 100);
    String remedy =
        "Raise maxmemory of Redis, or keep results for a shorter time (longhaul.results.*).";
    if (share >= limit) {
      return Finding.fail(CHECK, observed + ": no more jobs are accepted.", remedy);
    }
    return share >= SCARCE * limit
        ? Finding.warn(
            CHECK,
            observed + "; at longhaul.redis.memory-limit (" + limit + ") jobs are refused.",
            remedy)
        : Finding.pass(CHECK, observed + ".");
  }
}
