package dev.longhaul.tool;

import java.time.Duration;

/**
 * Thrown by a tool that knows when another attempt makes sense, for instance because the service it
 * asked said so ({@code Retry-After}): the next attempt, if there is one, waits that long instead
 * of the time of its backoff.
 */
public class RetryLaterException extends RuntimeException {
  /** The longest wait; who asks for more gets this. */
  public static final Duration MOST = Duration.ofHours(1);

  private static final long serialVersionUID = 1L;

  private final Duration after;

  /**
   * @param after how long to wait; not less than zero, and at most {@link #MOST}
   */
  public RetryLaterException(String message, Duration after) {
    super(message);
    this.after = after.isNegative() ? Duration.ZERO : after.compareTo(MOST) > 0 ? MOST : after;
  }

  /** How long the next attempt waits. */
  public Duration after() {
    return after;
  }
}
