package dev.longhaul.worker;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import java.time.Duration;

/**
 * Hears what this process's worker does with jobs: for metrics and the like. The worker calls every
 * bean of this type, in the thread that did the thing, after the queue has accepted it; a listener
 * must be quick, must not block, and what it throws is logged and forgotten.
 */
public interface JobListener {

  /** The worker owns the attempt and is about to run the tool. */
  default void started(Claim claim) {}

  /**
   * The queue accepted this worker's outcome as the job's one.
   *
   * @param ran how long this attempt ran
   */
  default void ended(Claim claim, Outcome outcome, Duration ran) {}

  /**
   * The attempt failed and the queue keeps the job for another one.
   *
   * @param error why it failed
   */
  default void retried(Claim claim, JobError error) {}

  /** The lease was lost while the job ran here; whatever the tool still does is not recorded. */
  default void lost(JobId id) {}

  /**
   * This process found that another worker lost the job.
   *
   * @param ended whether that was its end, because it may not be repeated or was lost too often;
   *     else it is back in line
   */
  default void reaped(JobId id, boolean ended) {}

  /**
   * This process ended a job that nobody came for: it was held for longer than a job may be, or its
   * client is gone with the process that held the call.
   */
  default void closed(JobId id) {}

  /**
   * The circuit breaker of a tool opened: its jobs wait, in all workers.
   *
   * @param time until one of them tries whether the tool works again
   */
  default void breakerOpened(String tool, Duration time) {}

  /** A job found that the tool works again; those that waited go on. */
  default void breakerClosed(String tool) {}

  /** A tool was seen computing for long outside the queue of tools that do; told once a tool. */
  default void computing(String tool) {}

  /**
   * A tool was asked to stop long ago and still runs; until it returns this process takes no more
   * of its jobs.
   */
  default void stuck(Claim claim, String tool) {}

  /** A tool that was stuck has returned from the job. */
  default void unstuck(Claim claim, String tool) {}

  /**
   * This process met jobs in line whose data is gone; they are lost.
   *
   * @param count how many
   */
  default void vanished(long count) {}
}
