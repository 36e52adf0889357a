package dev.longhaul.catalog;

import java.time.Duration;

/**
 * Thrown by a handler that could not begin a call because what it needs is in use. A job is given
 * back without using an attempt, and can be claimed again after the delay.
 */
public final class NotBegunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration after;

  /**
   * @param message what is in use
   * @param after the delay
   */
  public NotBegunException(String message, Duration after) {
    super(message);
    this.after = after;
  }

  /** The delay before the job can be claimed again. */
  public Duration after() {
    return after;
  }
}
