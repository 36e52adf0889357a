package dev.longhaul.gateway.catalog;

import java.time.Duration;

/**
 * How soon an upstream that announces changes is looked at again: a few times at once, then after a
 * wait that grows while it goes on, so that one that announces changes at every look is not asked
 * without end. Times are those of {@link System#nanoTime}. Not thread-safe.
 */
final class LookPace {
  private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST = Duration.ofMinutes(1).toNanos();
  private static final int MOST_AT_ONCE = 3;

  private boolean looked;
  private long lookedAt;
  private long wait = SHORTEST;
  private int atOnce = MOST_AT_ONCE;

  /** A look is over. */
  void looked(long now) {
    looked = true;
    lookedAt = now;
  }

  /** How long to wait with the next look, in nanoseconds. */
  long next(long now) {
    if (!looked) {
      return 0;
    }
    long since = now - lookedAt;
    if (since >= 2 * wait) {
      wait = SHORTEST;
      atOnce = Math.min(atOnce + 1, MOST_AT_ONCE);
      return 0;
    }
    if (atOnce > 0) {
      atOnce--;
      return 0;
    }
    long left = Math.max(0, wait - since);
    wait = Math.min(2 * wait, LONGEST);
    return left;
  }
}
