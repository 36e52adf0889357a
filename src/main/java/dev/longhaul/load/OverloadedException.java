package dev.longhaul.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request exceeds a limit of this process or of its caller; nothing was done. */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Duration SOON = Duration.ofSeconds(2);

  private final int status;
  private final transient @Nullable Duration retryAfter;

  private OverloadedException(int status, @Nullable Duration retryAfter, String message) {
    super(message, null, false, false);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  static OverloadedException full() {
    return new OverloadedException(
        503,
        SOON,
        "The requests and responses in progress use all the memory they may; send the request again"
            + " in a few seconds.");
  }

  static OverloadedException neverFits(long max) {
    return new OverloadedException(
        413,
        null,
        "The request alone would take more than the "
            + max
            + " bytes of memory that all requests in progress may"
            + " (longhaul.http.in-flight.max-bytes). Send less, pass a path or a URL instead of the"
            + " data, or raise the limit.");
  }

  static OverloadedException tooManyCalls(int max) {
    return new OverloadedException(
        429,
        SOON,
        "You have "
            + max
            + " calls in execution, as many as you may"
            + " (longhaul.http.in-flight.max-calls-per-caller); wait for some to end.");
  }

  /** The HTTP status: 413, 429 or 503. */
  public int status() {
    return status;
  }

  /** After what time a retry makes sense; null if it never does. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
