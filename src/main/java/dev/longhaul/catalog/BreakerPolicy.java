package dev.longhaul.catalog;

import java.time.Duration;

/**
 * When a tool's circuit breaker opens. Its jobs then wait; they do not fail.
 *
 * @param failures after how many consecutive failures in one worker it opens; 0 for never
 * @param open how long the jobs wait until one of them probes the tool
 */
public record BreakerPolicy(int failures, Duration open) {
  /** The upper limit of {@code failures}. */
  static final int MAX_FAILURES = 1_000;

  /** Opens after five failures, for one minute. */
  public static final BreakerPolicy DEFAULT = new BreakerPolicy(5, Duration.ofSeconds(60));

  public BreakerPolicy {
    if (failures < 0 || failures > MAX_FAILURES) {
      throw new IllegalArgumentException(
          "failures must be 0 to " + MAX_FAILURES + ", not " + failures);
    }
    if (open.toMillis() < 1) {
      throw new IllegalArgumentException("open must be at least a millisecond, not " + open);
    }
  }

  /** Whether it ever opens. */
  public boolean enabled() {
    return failures > 0;
  }
}
