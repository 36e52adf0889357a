package dev.longhaul.worker;

import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.ReapAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for jobs whose worker was lost: now and then, and just when the next lease ends unless it
 * is renewed. Every worker does; the queue lets each job go once.
 */
final class Reaper {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final int LIMIT = 200;
  // So that the workers do not all ask in the same moment when a lease ends.
  private static final long SPREAD_MILLIS = 100;

  private final WorkQueue queue;
  private final List<JobListener> listeners;

  Reaper(WorkQueue queue, List<JobListener> listeners) {
    this.queue = queue;
    this.listeners = List.copyOf(listeners);
  }

  /**
   * Reaps until the executor is shut down.
   *
   * @param period the longest time between two looks
   */
  void start(ScheduledExecutorService upkeep, Duration period) {
    next(upkeep, period, period);
  }

  private void next(ScheduledExecutorService upkeep, Duration period, Duration wait) {
    try {
      var _ =
          upkeep.schedule(
              () -> next(upkeep, period, reap(period)), wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("No more leases are looked through: the worker stops");
    }
  }

  private Duration reap(Duration period) {
    try {
      ReapAnswer answer = queue.reap(LIMIT);
      report(answer);
      return wait(answer.nextExpiry(), period);
    } catch (RuntimeException | Error e) { // what is thrown would end the schedule
      log.warn("Leases could not be looked through ({}); trying again soon", e.getMessage());
      return period;
    }
  }

  static Duration wait(@Nullable Duration nextExpiry, Duration period) {
    if (nextExpiry == null || nextExpiry.compareTo(period) >= 0) {
      return period;
    }
    long spread = ThreadLocalRandom.current().nextLong(1, SPREAD_MILLIS);
    return nextExpiry.plusMillis(spread);
  }

  /** To be called once before the first claim. */
  void afterRestart() {
    report(queue.reapAfterRestart());
  }

  private void report(ReapAnswer answer) {
    answer.requeued().forEach(id -> tell(listener -> listener.reaped(id, false)));
    answer.ended().forEach(id -> tell(listener -> listener.reaped(id, true)));
    answer.closed().forEach(id -> tell(listener -> listener.closed(id)));
    answer
        .closed()
        .forEach(id ->
            log.info("Job {} was ended: it was held for too long, or its client is gone", id));
    answer.requeued().forEach(id -> log.warn("Job {} lost its worker and is back in line", id));
    answer
        .ended()
        .forEach(id ->
            log.warn(
                "Job {} lost its worker and is dead: it may not be repeated, or has lost too many"
                    + " workers (longhaul.queue.max-lost-workers); its error says which",
                id));
  }

  private void tell(Consumer<JobListener> what) {
    listeners.forEach(listener -> JobRunner.heard(() -> what.accept(listener)));
  }
}
