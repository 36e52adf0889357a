package dev.longhaul.worker;

import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.ReapAnswer;
import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.List;
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
 * Looks for jobs whose worker was lost or whose deadline is over: now and then, and just when the
 * next lease ends unless it is renewed, or the next deadline is over. Every worker does; the queue
 * lets each job go once.
 */
final class Reaper {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final int LIMIT = 200;
  // So that the workers do not all ask in the same moment when a lease ends.
  private static final long SPREAD_MILLIS = 100;
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

  private final WorkQueue queue;
  private final List<JobListener> listeners;
  private final Consumer<Set<String>> breakers;
  private final Supervised reaps = new Supervised("looking through leases");
  private @Nullable ScheduledExecutorService upkeep;
  private volatile Duration period = FIRST_LOOK;
  private @Nullable ScheduledFuture<?> planned;
  private long plannedAt;

  /**
   * @param breakers hears which breakers are open, to close those that no policy wants
   */
  Reaper(WorkQueue queue, List<JobListener> listeners, Consumer<Set<String>> breakers) {
    this.queue = queue;
    this.breakers = breakers;
    this.listeners = List.copyOf(listeners);
  }

  /**
   * Reaps until the executor is shut down.
   *
   * @param longest the longest time between two looks
   */
  synchronized void start(ScheduledExecutorService executor, Duration longest) {
    upkeep = executor;
    period = longest;
    planned = null;
    // What was over before this worker started is ended soon.
    plan(longest.compareTo(FIRST_LOOK) < 0 ? longest : FIRST_LOOK);
  }

  /** A look is wanted by then; called in a thread that must not be held up. */
  void lookIn(Duration wait) {
    plan(wait(wait, period));
  }

  // There is one look ahead at most: the earliest that anybody wants.
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
      planned = executor.schedule(this::look, wait.toMillis(), TimeUnit.MILLISECONDS);
      plannedAt = at;
    } catch (RejectedExecutionException e) {
      log.debug("No more leases are looked through: the worker stops");
    }
  }

  private void look() {
    synchronized (this) {
      planned = null; // who wants a look from now on gets another one
    }
    plan(reap(period));
  }

  private Duration reap(Duration period) {
    try {
      ReapAnswer answer = queue.reap(LIMIT);
      reaps.worked();
      report(answer);
      return wait(answer.nextExpiry(), period);
    } catch (RuntimeException | Error e) { // what is thrown would end the schedule
      reaps.failed(e);
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
    if (!answer.broken().isEmpty()) {
      breakers.accept(answer.broken());
    }
    answer.requeued().forEach(id -> tell(listener -> listener.reaped(id, false)));
    answer.ended().forEach(id -> tell(listener -> listener.reaped(id, true)));
    answer.closed().forEach(id -> tell(listener -> listener.closed(id)));
    answer
        .closed()
        .forEach(id ->
            log.info(
                "Job {} was ended: it was held for too long, its deadline is over, or its"
                    + " client is gone",
                id));
    answer.requeued().forEach(id -> log.warn("Job {} lost its worker and is back in line", id));
    answer
        .ended()
        .forEach(id ->
            log.warn(
                "Job {} lost its worker and is dead: it may not be repeated, or has lost too"
                    + " many workers (longhaul.queue.max-lost-workers); its error says which",
                id));
  }

  private void tell(Consumer<JobListener> what) {
    listeners.forEach(listener -> JobRunner.heard(() -> what.accept(listener)));
  }
}
