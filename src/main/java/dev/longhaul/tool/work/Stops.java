package dev.longhaul.tool.work;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;

/** Checks whether a call must stop, for the helpers of this package. */
final class Stops {
  /** How often helpers check without an interrupt, in case one was lost. */
  static final long LOOK_MILLIS = 500;

  private Stops() {}

  /**
   * Throws if the thread was interrupted, or its call was cancelled or has timed out.
   *
   * @throws JobStoppedException in these cases; an interrupted thread stays interrupted
   */
  static void check(String step) {
    JobContext.find().ifPresent(job -> job.checkpoint(step));
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(step);
    }
  }

  /** The exception to throw after an {@link InterruptedException}. */
  static JobStoppedException interrupted(String step) {
    Thread.currentThread().interrupt();
    return new JobStoppedException("Stopped at " + step + ": the thread was interrupted");
  }
}
