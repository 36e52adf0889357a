package dev.longhaul.gateway.call;

import java.time.Duration;

/**
 * After how long an upstream that failed is tried again: the waits double from the first to the
 * longest one. Not thread-safe.
 *
 * @see UpstreamLine
 */
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private int failures;
  private long until;

  Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  /** It failed at that time, in nanoseconds. What fails during a wait does not prolong it. */
  void failed(long now) {
    if (left(now).isPositive()) {
      return;
    }
    Duration wait = first.multipliedBy(1L << Math.min(failures, 30));
    until = now + (wait.compareTo(longest) > 0 ? longest : wait).toNanos();
    failures++;
  }

  void worked() {
    failures = 0;
  }

  /** How long to wait before it is tried again; zero if it may be tried now. */
  Duration left(long now) {
    return failures == 0 || until - now <= 0 ? Duration.ZERO : Duration.ofNanos(until - now);
  }
}
