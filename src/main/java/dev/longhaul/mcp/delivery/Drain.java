package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.LocalJobs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides, while this process drains its running jobs before it stops, which held calls still wait:
 * those whose job runs here and may end in time. All others are handed over at once.
 */
final class Drain {
  /**
   * How long before the end of the drain the remaining calls are handed over, so that their
   * responses still go out.
   */
  static final Duration MARGIN = Duration.ofSeconds(2);

  /** How often a held call checks the state of its job during the drain. */
  static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

  private final LocalJobs local;
  private final long end;

  /**
   * @param now in nanoseconds of {@link System#nanoTime}
   */
  Drain(LocalJobs local, long now) {
    this.local = local;
    this.end = now + local.drain().minus(MARGIN).toNanos();
  }

  /** The job of one held call during the drain. */
  final class HeldJob {
    private final JobId id;
    private boolean hasRunHere;

    HeldJob(JobId id) {
      this.id = id;
    }

    /**
     * Whether the call must be handed over now.
     *
     * @param seen the last known state of the job, or null if unknown
     * @param now in nanoseconds of {@link System#nanoTime}
     */
    boolean mustHandOver(@Nullable Job seen, long now) {
      boolean here = local.runs(id);
      hasRunHere |= here;
      if (!hasRunHere || now - end >= 0) {
        return true;
      }
      // The outcome of a job that has just ended here may not be stored yet: it still reads as
      // running.
      return !here && seen != null && !runs(seen.state());
    }

    private static boolean runs(JobState state) {
      return state == JobState.RUNNING || state == JobState.INPUT_REQUIRED;
    }
  }
}
