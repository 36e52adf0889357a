package dev.longhaul.tool.work;

/** A {@link Subprocess} has failed. */
public final class SubprocessException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 1_000;

  /** What went wrong. */
  public enum Reason {
    /** There is no such program, or it may not be run. */
    NOT_STARTED,
    /** It took longer than its time-out and was killed. */
    TIMED_OUT,
    /** It wrote more to standard output than it may and was killed. */
    TOO_MUCH_OUTPUT,
    /** Its exit code is not 0. */
    FAILED
  }

  private final Reason reason;
  private final int exitCode;
  private final String errors;

  SubprocessException(Reason reason, String message, int exitCode, String errors) {
    super(message(message, errors));
    this.reason = reason;
    this.exitCode = exitCode;
    this.errors = errors;
  }

  // Only the end, which is most useful, because the message may be shown to a model.
  private static String message(String message, String errors) {
    String text = errors.strip();
    if (text.isEmpty()) {
      return message;
    }
    boolean cut = text.length() > SHOWN;
    return message
        + " The end of its standard error: "
        + (cut ? "…" + text.substring(text.length() - SHOWN) : text);
  }

  /** What went wrong. */
  public Reason reason() {
    return reason;
  }

  /** The exit code; -1 if it was killed or did not start. */
  public int exitCode() {
    return exitCode;
  }

  /** The end of its standard error, as far as it was kept. */
  public String errors() {
    return errors;
  }
}
