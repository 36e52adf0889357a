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
 * Adds how long inline calls took to the history that all processes share: some time after the
 * calls, in the background, many at once. What cannot be written is kept for the next time.
 */
final class InlineTimes {
  private static final Logger log = LoggerFactory.getLogger(InlineTimes.class);
  private static final Duration GATHERING = Duration.ofSeconds(1);

  private final WorkQueue queue;
  private final RunTimes times;
  private final CoarseTimer timer;
  private final RunTimeSums gathered = new RunTimeSums();
  // Set from the first run that is gathered until the answer is there: never two writes at once.
  private final AtomicBoolean writing = new AtomicBoolean();

  InlineTimes(WorkQueue queue, RunTimes times, CoarseTimer timer) {
    this.queue = queue;
    this.times = times;
    this.timer = timer;
  }

  void ran(Tool tool, Attempt attempt, Duration time) {
    if (tells(tool, attempt, time)) {
      gathered.add(tool.name(), time);
      writeSoon();
    }
  }

  /**
   * Whether it says how long the tool takes. A run that was stopped says that it takes longer:
   * without those, a tool that always runs into its time-out would count as quick for ever.
   */
  private boolean tells(Tool tool, Attempt attempt, Duration time) {
    return switch (attempt) {
      case Attempt.Ended ended -> ended.outcome() instanceof Outcome.Answered;
      case Attempt.Stopped _ -> time.compareTo(times.usual(tool)) > 0;
      case Attempt.Failed _, Attempt.NeedsInput _ -> false;
    };
  }

  private void writeSoon() {
    if (writing.compareAndSet(false, true)) {
      // A thread of its own: the timer's are for time limits, which nothing may hold up.
      var _ = timer.after(GATHERING, () -> Threads.virtual("longhaul-inline-times", this::write));
    }
  }

  private void write() {
    boolean written = true;
    try {
      for (var runs : gathered.take().entrySet()) {
        written &= written(runs.getKey(), runs.getValue());
      }
    } finally {
      writing.set(false);
    }
    // Runs that ended meanwhile; after a failure the next call tries again, and no loop does.
    if (written && !gathered.isEmpty()) {
      writeSoon();
    }
  }

  private boolean written(String tool, RunTimeSums.Sum runs) {
    try {
      long mean = queue.recordTimes(tool, runs.count(), runs.millis()).join();
      times.learned(tool, Duration.ofMillis(mean));
      return true;
    } catch (RuntimeException e) {
      gathered.add(tool, runs);
      log.debug("Run times of {} could not be recorded; they are kept for the next time", tool, e);
      return false;
    }
  }
}
