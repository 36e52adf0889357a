package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.LocalJobs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time in which this process, told to stop, lets its running jobs finish. The clients of these
 * jobs may still have their results; there is no reason to let any other client wait.
 */
final class Drain {
  /** How long before its end calls are handed over, so that their answers still go out. */
  static final Duration MARGIN = Duration.ofSeconds(2);

  /** How often the calls that are still held look what became of their jobs. */
  static final Duration LOOK = Duration.ofMillis(250);

  private final LocalJobs local;
  private final long end;

  /**
   * @param now in nanoseconds of {@link System#nanoTime}
   */
  Drain(LocalJobs local, long now) {
    this.local = local;
    this.end = now + local.drain().minus(MARGIN).toNanos();
  }

  /** Follows one call's job through it. */
  final class Follower {
    private final JobId id;
    private boolean wasHere;

    Follower(JobId id) {
      this.id = id;
    }

    /**
     * Whether the call need not be held any longer.
     *
     * @param seen the job as it was seen last, or null if it was not
     * @param now in nanoseconds of {@link System#nanoTime}
     */
    boolean handsOver(@Nullable Job seen, long now) {
      boolean here = local.runs(id);
      wasHere |= here;
      if (!wasHere || now - end >= 0) {
        return true;
      }
      // One that has just ended here is still on its way to the store, and looks as if it ran.
      return !here && seen != null && !runs(seen.state());
    }

    private static boolean runs(JobState state) {
      return state == JobState.RUNNING || state == JobState.INPUT_REQUIRED;
    }
  }
}
