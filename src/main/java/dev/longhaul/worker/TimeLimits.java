package dev.longhaul.worker;

import dev.longhaul.thread.OutOfMemory;
import dev.longhaul.thread.Supervised;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts whose time is over, by looking through all of them a few times a second while there
 * are any. A timer for each attempt would wake its thread for each, and most end within a moment.
 */
final class TimeLimits {
  private record Limit(long end, Runnable over) {}

  /** The limit of an attempt whose time stands still. */
  record Paused(long end, Runnable over) {}

  private static final Logger log = LoggerFactory.getLogger(TimeLimits.class);
  private static final long PERIOD_MILLIS = 50;

  private final ScheduledExecutorService timer;
  private final Clock clock;
  private final Map<RunningJob, Limit> limits = new ConcurrentHashMap<>();
  private final AtomicBoolean armed = new AtomicBoolean();
  private final Runnable looks = Supervised.repeated("time limits of jobs", this::endThoseOver);

  TimeLimits(ScheduledExecutorService timer, Clock clock) {
    this.timer = timer;
    this.clock = clock;
  }

  /**
   * An attempt starts.
   *
   * @param from when, in milliseconds
   * @param over called once if its time is over before {@link #end}
   */
  void begin(RunningJob job, long from, Runnable over) {
    limits.put(job, new Limit(from + job.claim().timeout().toMillis(), over));
    arm();
  }

  void end(RunningJob job) {
    limits.remove(job);
  }

  /** The attempt's time stands still; empty if it is over already. */
  Optional<Paused> pause(RunningJob job) {
    Limit limit = limits.remove(job);
    return Optional.ofNullable(limit).map(known -> new Paused(known.end, known.over));
  }

  /** The attempt's time goes on. */
  void resume(RunningJob job, Paused paused, Duration pause) {
    limits.put(job, new Limit(paused.end + pause.toMillis(), paused.over));
    arm();
  }

  private void arm() {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      try {
        var _ = timer.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("No more time-outs: the worker is closed");
      }
    }
  }

  private void look() {
    armed.set(false);
    looks.run();
    if (!limits.isEmpty()) {
      arm();
    }
  }

  private void endThoseOver() {
    long now = clock.millis();
    limits.forEach((job, limit) -> {
      if (now >= limit.end && limits.remove(job, limit)) {
        try {
          limit.over.run();
        } catch (RuntimeException | Error e) {
          OutOfMemory.met(e);
          log.error("Job {} could not be timed out; its tool goes on", job.id(), e);
        }
      }
    });
  }
}
