package dev.longhaul.intake;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Partial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A result was requested as an object, but the job did not complete or its tool returned an error.
 */
public class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient JobId id;
  private final JobState state;
  private final transient JobError error;
  private final transient @Nullable Partial partial;

  JobFailedException(JobId id, JobState state, JobError error, @Nullable Partial partial) {
    super(
        "Job "
            + id
            + " is "
            + state.wire()
            + ": "
            + error.message()
            + " ("
            + error.code()
            + ", "
            + error.type()
            + ") "
            + error.remediation());
    this.id = id;
    this.state = state;
    this.error = error;
    this.partial = partial;
  }

  /** The job. */
  public JobId id() {
    return id;
  }

  /** The state in which it ended; completed if its tool returned an error. */
  public JobState state() {
    return state;
  }

  /** What went wrong, and what to do about it. */
  public JobError error() {
    return error;
  }

  /** The last partial result that its tool reported. */
  public Optional<Partial> partial() {
    return Optional.ofNullable(partial);
  }
}
