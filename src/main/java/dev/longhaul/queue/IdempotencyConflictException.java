package dev.longhaul.queue;

import dev.longhaul.job.JobId;

/** The idempotency key was used for a job with other arguments. Nothing was stored. */
public class IdempotencyConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient JobId known;

  public IdempotencyConflictException(JobId known) {
    super(
        "The idempotency key was used before with other arguments. Use a new key for other work,"
            + " or the same arguments to get the same job.");
    this.known = known;
  }

  /** The job of the key. */
  public JobId known() {
    return known;
  }
}
