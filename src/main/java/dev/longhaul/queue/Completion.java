package dev.longhaul.queue;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import java.time.Duration;

/** What a worker says of a job it holds; it is refused if the token is no longer the job's. */
public sealed interface Completion {
  JobId id();

  LeaseToken token();

  /** The job ended. */
  record Finished(JobId id, LeaseToken token, Outcome outcome) implements Completion {}

  /**
   * The attempt failed; another one may start after the delay.
   *
   * @param error why it failed, kept on the job
   */
  record Retry(JobId id, LeaseToken token, Duration delay, JobError error) implements Completion {}

  /**
   * The worker gives the job back without having used up an attempt: it shuts down, or does not
   * know the tool.
   */
  record GivenBack(JobId id, LeaseToken token, Duration delay) implements Completion {}
}
