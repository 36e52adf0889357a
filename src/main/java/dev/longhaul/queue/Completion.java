package dev.longhaul.queue;

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

  /** The job ended. */
  record Finished(JobId id, LeaseToken token, Outcome outcome) implements Completion {}

  /**
   * The attempt failed; another one may start after the delay.
   *
   * @param error why it failed, kept on the job
   */
  record Retry(JobId id, LeaseToken token, Duration delay, JobError error) implements Completion {}

  /**
   * The worker gives the job back without using up an attempt, because it shuts down or does not
   * have the tool.
   */
  record GivenBack(JobId id, LeaseToken token, Duration delay) implements Completion {}
}
