package dev.longhaul.intake;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Partial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job whose result was asked for as an object has none, because of how it ended. */
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

  /** The state it ended in; completed where its tool answered with an error. */
  public JobState state() {
    return state;
  }

  /** What went wrong, and what to do about it. */
  public JobError error() {
    return error;
  }

  /** What its tool had reported until then. */
  public Optional<Partial> partial() {
    return Optional.ofNullable(partial);
  }
}
