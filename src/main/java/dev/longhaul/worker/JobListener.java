package dev.longhaul.worker;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import java.time.Duration;

/**
 * Is notified of what this process's worker does with jobs, for metrics and the like. The worker
 * calls every bean of this type after the queue has accepted the change, in the thread that made
 * it, so a listener must not block. Exceptions that it throws are only logged.
 */
public interface JobListener {

  /** The worker owns the attempt and is about to run the tool. */
  default void started(Claim claim) {}

  /**
   * The queue has accepted this worker's outcome as the job's.
   *
   * @param ran how long this attempt ran
   */
  default void ended(Claim claim, Outcome outcome, Duration ran) {}

  /**
   * The attempt failed and the job will be retried.
   *
   * @param error why it failed
   */
  default void retried(Claim claim, JobError error) {}

  /** The lease was lost while the job ran here; the tool's result will not be recorded. */
  default void lost(JobId id) {}

  /**
   * This process found that another worker has lost the job.
   *
   * @param ended whether the job has ended, because it may not be repeated or was lost too often;
   *     otherwise it is queued again
   */
  default void reaped(JobId id, boolean ended) {}

  /**
   * This process ended a job that was held for too long, whose deadline has passed, or whose client
   * was lost together with the process that held its call.
   */
  default void closed(JobId id) {}

  /**
   * The circuit breaker of a tool opened: its jobs wait in all workers.
   *
   * @param time until one of them probes the tool
   */
  default void breakerOpened(String tool, Duration time) {}

  /** The circuit breaker of a tool closed: its jobs continue. */
  default void breakerClosed(String tool) {}

  /** A tool outside the queue cpu was found to be CPU-bound; called once per tool. */
  default void computing(String tool) {}

  /**
   * A tool has ignored its interrupt for too long; until it returns, this process takes no more of
   * its jobs.
   */
  default void stuck(Claim claim, String tool) {}

  /** A stuck tool has returned. */
  default void unstuck(Claim claim, String tool) {}

  /**
   * This process found queued jobs without data, which are lost.
   *
   * @param count how many
   */
  default void vanished(long count) {}
}
