package dev.longhaul.worker;

import dev.longhaul.queue.Completion;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks periodically for jobs that make no progress: claimed jobs that no thread has begun, and
 * tools that ignore their interrupt. Runs on a platform thread, because blocked virtual threads are
 * one of the causes.
 */
final class Watchdog implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

  /** How long a claimed job may wait until a thread begins it. */
  static final Duration BEGIN_LIMIT = Duration.ofSeconds(5);

  private final RunningJobs running;
  private final StuckTools stuck;
  private final Supplier<List<ClaimLoop>> loops;
  private final Consumer<Report> reports;
  private final Duration stuckAfter;
  private final @Nullable Runnable exit;
  private final LongSupplier nanos;
  private boolean leaving;
  private boolean left;

  /**
   * @param loops the loops of this process as they are now
   * @param reports receives the jobs that are given back
   * @param stuckAfter how long after its interrupt a tool counts as stuck
   * @param exit ends the process; null if it must not end
   * @param nanos supplies {@link System#nanoTime}
   */
  Watchdog(
      RunningJobs running,
      StuckTools stuck,
      Supplier<List<ClaimLoop>> loops,
      Consumer<Report> reports,
      Duration stuckAfter,
      @Nullable Runnable exit,
      LongSupplier nanos) {
    this.running = running;
    this.stuck = stuck;
    this.loops = loops;
    this.reports = reports;
    this.stuckAfter = stuckAfter;
    this.exit = exit;
    this.nanos = nanos;
  }

  @Override
  public void run() {
    try {
      check();
    } catch (RuntimeException | Error e) {
      // Also for an Error: a periodic task that throws is not run again.
      log.error("The check for jobs that make no progress failed; it is repeated", e);
    }
  }

  private void check() {
    long now = nanos.getAsLong();
    for (RunningJob job : running.all()) {
      if (now - job.claimedAt() >= BEGIN_LIMIT.toNanos() && job.abandon()) {
        giveBack(job);
      }
      Duration asked = job.stopRequestedFor(now);
      if (asked != null && asked.compareTo(stuckAfter) >= 0 && !stuck.has(job)) {
        stuck.add(job, asked);
        job.runStuckAction();
        if (!running.has(job)) {
          stuck.ended(job); // it may have returned just before it was added
        }
      }
    }
    leave();
  }

  // Its slot stays in use until the thread comes: a process that cannot begin its claimed jobs must
  // not claim more.
  private void giveBack(RunningJob job) {
    running.remove(job);
    if (!job.report()) {
      return;
    }
    log.warn(
        "Job {} was claimed but no thread of this process began it within {} s; it is given back"
            + " for another worker. Something keeps the processors busy: see"
            + " docs/operations.md, \"Tools that do not stop\"",
        job.id(),
        BEGIN_LIMIT.toSeconds());
    reports.accept(
        new Report(
            job.claim(),
            new Completion.GivenBack(job.id(), job.claim().token(), Duration.ZERO),
            Duration.ZERO));
  }

  private void leave() {
    if (exit == null || left) {
      return;
    }
    if (!leaving) {
      for (ClaimLoop loop : loops.get()) {
        if (loop.stuck()) {
          leaving = true;
          log.error(
              "Every slot of pool {} is used by a tool that ignores its interrupt ({}); this"
                  + " process claims nothing more and ends when its other jobs are done"
                  + " (longhaul.worker.exit-when-stuck)",
              loop.pool().name(),
              String.join(", ", stuck.names()));
          break;
        }
      }
    }
    if (leaving) {
      loops.get().forEach(ClaimLoop::stopClaiming);
      loops.get().forEach(ClaimLoop::stopWaiting);
      if (running.all().stream().allMatch(stuck::has)) {
        left = true;
        exit.run();
      }
    }
  }
}
