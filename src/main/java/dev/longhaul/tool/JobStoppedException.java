package dev.longhaul.tool;

/**
 * Thrown by {@link JobContext#checkpoint} to leave a tool whose call was cancelled or timed out.
 * Let it pass: what was reported with {@link JobContext#partial} is kept.
 */
public class JobStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobStoppedException(String message) {
    super(message);
  }
}
