package dev.longhaul.tool;

import java.time.Duration;

/**
 * Thrown by a tool that knows when a retry makes sense, for example from a {@code Retry-After}
 * header: the next attempt, if there is one, waits that long instead of its backoff.
 */
public class RetryLaterException extends RuntimeException {
  /** The longest delay; a longer one is reduced to this. */
  public static final Duration MOST = Duration.ofHours(1);

  private static final long serialVersionUID = 1L;

  private final Duration after;

  /**
   * @param after the delay, from zero to {@link #MOST}
   */
  public RetryLaterException(String message, Duration after) {
    super(message);
    this.after = after.isNegative() ? Duration.ZERO : after.compareTo(MOST) > 0 ? MOST : after;
  }

  /** The delay before the next attempt. */
  public Duration after() {
    return after;
  }
}
