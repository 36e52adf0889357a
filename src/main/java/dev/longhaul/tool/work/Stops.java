package dev.longhaul.tool.work;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;

/** How the helpers notice that the call they work for is to stop. */
final class Stops {
  /** An interrupt says it at once; the look now and then is for an interrupt that got lost. */
  static final long LOOK_MILLIS = 500;

  private Stops() {}

  /**
   * Leaves if the thread was interrupted, or the call it serves was cancelled or timed out.
   *
   * @throws JobStoppedException then; an interrupted thread stays interrupted
   */
  static void check(String where) {
    JobContext.find().ifPresent(job -> job.checkpoint(where));
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(where);
    }
  }

  /** What to throw after an {@link InterruptedException}. */
  static JobStoppedException interrupted(String where) {
    Thread.currentThread().interrupt();
    return new JobStoppedException("Stopped at " + where + ": the thread was interrupted");
  }
}
