package dev.longhaul.gateway.catalog;

import java.time.Duration;

/**
 * How soon an upstream that announces changes is looked at again. Changes that are a second apart
 * are looked at at once, and a few that come closer together too. One that goes on without such
 * rests waits, the longer the more often, so that an upstream that announces changes at every look
 * is not asked without end. Times are those of {@link System#nanoTime}. Not thread-safe.
 */
final class LookPace {
  private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST = Duration.ofMinutes(1).toNanos();

  /** What a look at once costs of the time that the upstream was quiet. */
  private static final long COST = Duration.ofSeconds(1).toNanos();

  private static final long MOST_QUIET = 5 * COST;

  private boolean looked;
  private long lookedAt;
  private long wait = SHORTEST;
  private long quiet = MOST_QUIET;

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
    long since = Math.max(0, now - lookedAt);
    if (since >= 2 * wait) {
      wait = SHORTEST;
    }
    quiet = Math.min(quiet + since, MOST_QUIET);
    if (quiet >= COST) {
      quiet -= COST;
      return 0;
    }
    long left = Math.max(0, wait - since);
    wait = Math.min(2 * wait, LONGEST);
    return left;
  }
}
