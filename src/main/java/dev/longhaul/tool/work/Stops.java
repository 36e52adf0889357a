package dev.longhaul.tool.work;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;

/** Lets the helpers notice that their call must stop. */
final class Stops {
  /** How often helpers check without an interrupt, in case one was lost. */
  static final long LOOK_MILLIS = 500;

  private Stops() {}

  /**
   * Throws if the thread was interrupted, or its call was cancelled or has timed out.
   *
   * @throws JobStoppedException in these cases; an interrupted thread stays interrupted
   */
  static void check(String where) {
    JobContext.find().ifPresent(job -> job.checkpoint(where));
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(where);
    }
  }

  /** The exception to throw after an {@link InterruptedException}. */
  static JobStoppedException interrupted(String where) {
    Thread.currentThread().interrupt();
    return new JobStoppedException("Stopped at " + where + ": the thread was interrupted");
  }
}
