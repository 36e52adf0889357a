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
   * One that is tried again.
   *
   * @param code a stable upper-case name of what was wrong
   * @param message the same in words; owners of jobs read it, so nothing secret belongs in it
   */
  public DeliveryException(String code, String message) {
    this(code, message, null, false, null);
  }

  /**
   * Any other one.
   *
   * @param status the HTTP status, or null where there is none
   * @param permanent whether another attempt could not help, so that there is none
   * @param retryAfter when the next attempt is wanted, or null for the usual time
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

  /** A stable upper-case name of what was wrong. */
  public String code() {
    return code;
  }

  /** The HTTP status it was answered with, or null. */
  public @Nullable Integer status() {
    return status;
  }

  /** Whether there is no further attempt. */
  public boolean permanent() {
    return permanent;
  }

  /** When the next attempt is wanted, or null for the usual time. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
