package dev.longhaul.queue;

import java.time.Duration;

/** The queue has reached a limit and accepts no jobs for now. Nothing was stored. */
public class QueueFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Duration retryAfter;

  public QueueFullException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** After what time a retry makes sense. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
