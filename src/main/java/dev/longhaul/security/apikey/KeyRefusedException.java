package dev.longhaul.security.apikey;

/** A key was not made or changed; the message says why and what to do. */
public final class KeyRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds of reasons. */
  public enum Reason {
    /** What was asked for makes no sense. */
    INVALID,
    /** There is no such key. */
    UNKNOWN,
    /** There is a key of that name, in the store or in the settings; or too many keys. */
    CONFLICT
  }

  private final Reason reason;

  KeyRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
