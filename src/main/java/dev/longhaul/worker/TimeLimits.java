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
 * Times out attempts, by checking all of them a few times a second while there are any. A timer
 * task per attempt would cost more, since most attempts are short.
 */
final class TimeLimits {
  private record Limit(long end, Runnable over) {}

  /** The limit of an attempt while it is paused. */
  record Paused(long end, Runnable over) {}

  private static final Logger log = LoggerFactory.getLogger(TimeLimits.class);
  private static final long PERIOD_MILLIS = 50;

  private final ScheduledExecutorService timer;
  private final Clock clock;
  private final Map<RunningJob, Limit> limits = new ConcurrentHashMap<>();
  private final AtomicBoolean armed = new AtomicBoolean();
  private final Runnable expiries = Supervised.repeated("time limits of jobs", this::endThoseOver);

  TimeLimits(ScheduledExecutorService timer, Clock clock) {
    this.timer = timer;
    this.clock = clock;
  }

  /**
   * An attempt starts.
   *
   * @param from its start in milliseconds since the epoch
   * @param over called once if it times out before {@link #end}
   */
  void begin(RunningJob job, long from, Runnable over) {
    limits.put(job, new Limit(from + job.claim().timeout().toMillis(), over));
    arm();
  }

  void end(RunningJob job) {
    limits.remove(job);
  }

  /** Pauses the attempt's time-out; empty if it has timed out already. */
  Optional<Paused> pause(RunningJob job) {
    Limit limit = limits.remove(job);
    return Optional.ofNullable(limit).map(known -> new Paused(known.end, known.over));
  }

  /** Resumes the attempt's time-out. */
  void resume(RunningJob job, Paused paused, Duration pause) {
    limits.put(job, new Limit(paused.end + pause.toMillis(), paused.over));
    arm();
  }

  private void arm() {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      try {
        var _ = timer.schedule(this::check, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("No time-outs are checked any more: the worker is closed");
      }
    }
  }

  private void check() {
    armed.set(false);
    expiries.run();
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
          log.error("Job {} could not be timed out; its tool keeps running", job.id(), e);
        }
      }
    });
  }
}
