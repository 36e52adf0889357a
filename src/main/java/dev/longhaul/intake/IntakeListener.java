package dev.longhaul.intake;

import dev.longhaul.job.Job;

/**
 * Hears what passes through this process's intake: for metrics and the like. The intake calls every
 * bean of this type after the queue has stored the change; a listener must be quick, must not
 * block, and what it throws is logged and forgotten.
 */
public interface IntakeListener {

  /** A job was stored. */
  default void submitted(Job job) {}

  /**
   * A request to store a job was refused.
   *
   * @param reason why; a tool named in it comes from outside and need not exist
   */
  default void refused(IntakeException reason) {}

  /**
   * A job was ended by a cancel.
   *
   * @param job the job as it was after the cancel
   */
  default void cancelled(Job job) {}
}
