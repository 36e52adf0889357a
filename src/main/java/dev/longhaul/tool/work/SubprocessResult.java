package dev.longhaul.tool.work;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The result of a {@link Subprocess}. */
public final class SubprocessResult {
  private final String program;
  private final int exitCode;
  private final byte[] output;
  private final String errors;
  private final Duration elapsed;
  private final boolean memoryLimited;

  SubprocessResult(
      String program,
      int exitCode,
      byte[] output,
      String errors,
      Duration elapsed,
      boolean memoryLimited) {
    this.program = program;
    this.exitCode = exitCode;
    this.output = output;
    this.errors = errors;
    this.elapsed = elapsed;
    this.memoryLimited = memoryLimited;
  }

  /** Its exit code; 128 plus the signal number if a signal ended it. */
  public int exitCode() {
    return exitCode;
  }

  /** All of its standard output; the caller may change it. */
  public byte[] output() {
    return output;
  }

  /** The end of its standard error, as UTF-8. */
  public String errors() {
    return errors;
  }

  /** How long it took. */
  public Duration elapsed() {
    return elapsed;
  }

  /**
   * Whether its memory was limited: false if no limit was set, or the platform does not support it.
   */
  public boolean memoryLimited() {
    return memoryLimited;
  }

  /** The standard output as UTF-8. */
  public String text() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /**
   * Returns this result if the exit code is 0.
   *
   * @throws SubprocessException otherwise, with the end of standard error
   */
  public SubprocessResult orThrow() {
    if (exitCode != 0) {
      throw new SubprocessException(
          SubprocessException.Reason.FAILED,
          program + " failed with exit code " + exitCode + ".",
          exitCode,
          errors);
    }
    return this;
  }
}
