package dev.longhaul.tool;

/**
 * Thrown by {@link JobContext#checkpoint} to stop a tool whose call was cancelled or has timed out.
 * Do not catch it; the partial result reported with {@link JobContext#partial} is preserved.
 */
public class JobStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobStoppedException(String message) {
    super(message);
  }
}
