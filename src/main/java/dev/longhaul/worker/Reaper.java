package dev.longhaul.worker;

import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.ReapAnswer;
import dev.longhaul.thread.Listeners;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requeues or ends jobs whose lease has expired or whose deadline has passed. It runs periodically,
 * and when the next lease or deadline expires. Every worker runs one; the queue processes each job
 * only once.
 */
final class Reaper {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final int LIMIT = 200;
  // Spreads the requests of several workers when a lease expires.
  private static final long SPREAD_MILLIS = 100;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  private final WorkQueue queue;
  private final Listeners<JobListener> listeners;
  private final Consumer<Set<String>> breakers;
  private final Supervised reaps = new Supervised("looking through leases");
  private @Nullable ScheduledExecutorService upkeep;
  private volatile Duration period = FIRST_DELAY;
  private @Nullable ScheduledFuture<?> planned;
  private long plannedAt;

  /**
   * @param breakers receives the tools with open breakers, to close those that are switched off
   */
  Reaper(WorkQueue queue, Listeners<JobListener> listeners, Consumer<Set<String>> breakers) {
    this.queue = queue;
    this.breakers = breakers;
    this.listeners = listeners;
  }

  /**
   * Reaps until the executor is shut down.
   *
   * @param longest the longest time between two runs
   */
  synchronized void start(ScheduledExecutorService executor, Duration longest) {
    upkeep = executor;
    period = longest;
    planned = null;
    // Soon, for what expired before this worker started.
    plan(longest.compareTo(FIRST_DELAY) < 0 ? longest : FIRST_DELAY);
  }

  /** Plans a run after this delay; does not block. */
  void reapIn(Duration wait) {
    plan(wait(wait, period));
  }

  // At most one run is planned, the earliest requested one.
  private synchronized void plan(Duration wait) {
    ScheduledExecutorService executor = upkeep;
    long at = System.nanoTime() + wait.toNanos();
    if (executor == null || (planned != null && plannedAt - at <= 0)) {
      return;
    }
    if (planned != null) {
      planned.cancel(false);
    }
    try {
      planned = executor.schedule(this::reapNow, wait.toMillis(), TimeUnit.MILLISECONDS);
      plannedAt = at;
    } catch (RejectedExecutionException e) {
      log.debug("The reaper ends because the worker stops");
    }
  }

  private void reapNow() {
    synchronized (this) {
      planned = null; // a request from now on plans another run
    }
    plan(reap(period));
  }

  private Duration reap(Duration period) {
    try {
      ReapAnswer answer = queue.reap(LIMIT);
      reaps.worked();
      report(answer);
      return wait(answer.nextExpiry(), period);
    } catch (RuntimeException | Error e) { // the next run must be planned in any case
      reaps.failed(e);
      log.warn("Expired leases could not be checked ({}); the check is repeated", e.getMessage());
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

  /** Must be called once before the first claim. */
  void afterRestart() {
    report(queue.reapAfterRestart());
  }

  private void report(ReapAnswer answer) {
    if (!answer.broken().isEmpty()) {
      breakers.accept(answer.broken());
    }
    answer.requeued().forEach(id -> listeners.call(listener -> listener.reaped(id, false)));
    answer.ended().forEach(id -> listeners.call(listener -> listener.reaped(id, true)));
    answer.closed().forEach(id -> listeners.call(listener -> listener.closed(id)));
    answer
        .closed()
        .forEach(id ->
            log.info(
                "Job {} was ended: it was held for too long, its deadline has passed, or its"
                    + " client is gone",
                id));
    answer.requeued().forEach(id -> log.warn("Job {} lost its worker and is queued again", id));
    answer
        .ended()
        .forEach(id ->
            log.warn(
                "Job {} lost its worker and is dead: it may not be repeated, or has lost too"
                    + " many workers (longhaul.queue.max-lost-workers); its error says which",
                id));
  }
}
