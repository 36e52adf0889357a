package dev.longhaul.intake;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.Tool;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.RunTimeSums;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the run times of inline calls to the statistics in the queue, in batches in the background.
 * Times that cannot be written stay in memory and are added to the next batch.
 */
final class InlineTimes {
  private static final Logger log = LoggerFactory.getLogger(InlineTimes.class);
  private static final Duration WRITE_DELAY = Duration.ofSeconds(1);

  private final WorkQueue queue;
  private final RunTimes times;
  private final CoarseTimer timer;
  private final RunTimeSums pending = new RunTimeSums();
  // True while a write is scheduled or running, so that there is never more than one.
  private final AtomicBoolean writing = new AtomicBoolean();

  InlineTimes(WorkQueue queue, RunTimes times, CoarseTimer timer) {
    this.queue = queue;
    this.times = times;
    this.timer = timer;
  }

  void ran(Tool tool, Attempt attempt, Duration time) {
    if (counts(tool, attempt, time)) {
      pending.add(tool.id(), time);
      writeSoon();
    }
  }

  /**
   * Whether the run counts for the average. A stopped run counts if it took longer than usual;
   * otherwise a tool that always reaches its time-out would be considered quick.
   */
  private boolean counts(Tool tool, Attempt attempt, Duration time) {
    return switch (attempt) {
      case Attempt.Ended ended -> ended.outcome() instanceof Outcome.Answered;
      case Attempt.Stopped _ -> time.compareTo(times.usual(tool)) > 0;
      case Attempt.Failed _, Attempt.NeedsInput _ -> false;
    };
  }

  private void writeSoon() {
    if (writing.compareAndSet(false, true)) {
      // Not on the timer's thread, which must not be blocked: it also enforces time limits.
      var _ = timer.after(WRITE_DELAY, () -> Threads.virtual("longhaul-inline-times", this::write));
    }
  }

  private void write() {
    boolean written = true;
    try {
      for (var runs : pending.take().entrySet()) {
        written &= written(runs.getKey(), runs.getValue());
      }
    } finally {
      writing.set(false);
    }
    // For runs that ended during the write. After a failure the next call tries again, so that an
    // outage causes no loop.
    if (written && !pending.isEmpty()) {
      writeSoon();
    }
  }

  private boolean written(String tool, RunTimeSums.Sum runs) {
    try {
      long mean = queue.recordTimes(tool, runs.count(), runs.millis()).join();
      times.learned(tool, Duration.ofMillis(mean));
      return true;
    } catch (RuntimeException e) {
      pending.add(tool, runs);
      log.debug("Run times of {} could not be recorded; they are added to the next write", tool, e);
      return false;
    }
  }
}
