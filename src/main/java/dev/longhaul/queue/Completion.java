package dev.longhaul.queue;

import dev.longhaul.job.Checkpoints;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import java.time.Duration;

/**
 * A worker's report of the end of an attempt; it is refused if the lease token is no longer valid.
 */
public sealed interface Completion {
  JobId id();

  LeaseToken token();

  /** How long the steps of the attempt took. */
  default Checkpoints checkpoints() {
    return Checkpoints.NONE;
  }

  /** The same report, with the steps of the attempt. */
  default Completion with(Checkpoints reached) {
    return switch (this) {
      case Finished end -> new Finished(end.id, end.token, end.outcome, reached);
      case Retry again -> new Retry(again.id, again.token, again.delay, again.error, reached);
      case GivenBack back -> back;
    };
  }

  /** The job ended. */
  record Finished(JobId id, LeaseToken token, Outcome outcome, Checkpoints checkpoints)
      implements Completion {
    public Finished(JobId id, LeaseToken token, Outcome outcome) {
      this(id, token, outcome, Checkpoints.NONE);
    }
  }

  /**
   * The attempt failed; another one may start after the delay.
   *
   * @param error why it failed, kept on the job
   */
  record Retry(JobId id, LeaseToken token, Duration delay, JobError error, Checkpoints checkpoints)
      implements Completion {
    public Retry(JobId id, LeaseToken token, Duration delay, JobError error) {
      this(id, token, delay, error, Checkpoints.NONE);
    }
  }

  /**
   * The worker gives the job back without using up an attempt, because it shuts down or does not
   * have the tool.
   */
  record GivenBack(JobId id, LeaseToken token, Duration delay) implements Completion {}
}
