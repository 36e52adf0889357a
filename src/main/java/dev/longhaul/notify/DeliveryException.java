package dev.longhaul.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A notification was not delivered. */
public class DeliveryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final @Nullable Integer status;
  private final boolean permanent;
  private final @Nullable Duration retryAfter;

  /**
   * A failure that is retried.
   *
   * @param code a stable upper-case error code
   * @param message a description, which owners of jobs can read, so it must not contain secrets
   */
  public DeliveryException(String code, String message) {
    this(code, message, null, false, null);
  }

  /**
   * A failure with all details.
   *
   * @param status the HTTP status, or null if there is none
   * @param permanent whether there must be no retry
   * @param retryAfter the delay before the next attempt, or null for the configured backoff
   */
  public DeliveryException(
      String code,
      String message,
      @Nullable Integer status,
      boolean permanent,
      @Nullable Duration retryAfter) {
    super(message);
    this.code = code;
    this.status = status;
    this.permanent = permanent;
    this.retryAfter = retryAfter;
  }

  /** A stable upper-case error code. */
  public String code() {
    return code;
  }

  /** The HTTP status of the response, or null. */
  public @Nullable Integer status() {
    return status;
  }

  /** Whether there is no retry. */
  public boolean permanent() {
    return permanent;
  }

  /** The delay before the next attempt, or null for the configured backoff. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
