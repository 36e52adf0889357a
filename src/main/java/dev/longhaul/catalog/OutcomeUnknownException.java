package dev.longhaul.catalog;

/**
 * Thrown by a handler that passed its call on and cannot learn how it ended. The call ends as one
 * whose worker was lost: it is not retried, because it may have had its effect.
 */
public final class OutcomeUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what happened, naming what the call was passed on to
   */
  public OutcomeUnknownException(String message) {
    super(message);
  }
}
