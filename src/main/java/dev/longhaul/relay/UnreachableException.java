package dev.longhaul.relay;

/** Longhaul cannot be reached or started; the message says why, and what to do. */
public final class UnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreachableException(String message) {
    super(message);
  }
}
