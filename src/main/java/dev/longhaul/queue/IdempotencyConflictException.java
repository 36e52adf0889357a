package dev.longhaul.queue;

import dev.longhaul.job.JobId;

/** The key names a job with other arguments. Nothing was stored. */
public class IdempotencyConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient JobId known;

  public IdempotencyConflictException(JobId known) {
    super(
        "The idempotency key was used before with other arguments. Use a new key for other work,"
            + " or the same arguments to get the same job.");
    this.known = known;
  }

  /** The job that the key names. */
  public JobId known() {
    return known;
  }
}
