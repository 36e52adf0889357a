package dev.longhaul.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The queue has reached a limit and accepts no jobs for now. Nothing was stored. */
public class QueueFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient @Nullable Duration retryAfter;

  /**
   * @param retryAfter after what time a retry makes sense, null if it never does
   */
  public QueueFullException(String message, @Nullable Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** After what time a retry makes sense, null if it never does. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
