package dev.longhaul.worker;

import dev.longhaul.queue.Completion;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then for jobs that do not go on: those that were claimed but that no thread began,
 * and those whose tools were asked to stop and did not. Runs on a platform thread, because what
 * keeps virtual threads from running is one of the things it looks for.
 */
final class Watchdog implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

  /** How long a claimed job may wait for its thread. */
  static final Duration BEGIN = Duration.ofSeconds(5);

  private final RunningJobs running;
  private final StuckTools stuck;
  private final List<ClaimLoop> loops;
  private final Consumer<Report> reports;
  private final Duration stuckAfter;
  private final @Nullable Runnable exit;
  private final LongSupplier nanos;
  private boolean leaving;
  private boolean left;

  /**
   * @param reports takes what is given back
   * @param stuckAfter how long after it was asked to stop a tool counts as stuck
   * @param exit ends the process; null where that is not wanted
   * @param nanos the time, as {@link System#nanoTime} says it
   */
  Watchdog(
      RunningJobs running,
      StuckTools stuck,
      List<ClaimLoop> loops,
      Consumer<Report> reports,
      Duration stuckAfter,
      @Nullable Runnable exit,
      LongSupplier nanos) {
    this.running = running;
    this.stuck = stuck;
    this.loops = List.copyOf(loops);
    this.reports = reports;
    this.stuckAfter = stuckAfter;
    this.exit = exit;
    this.nanos = nanos;
  }

  @Override
  public void run() {
    try {
      look();
    } catch (RuntimeException | Error e) {
      // Also an Error: a schedule whose task throws ends.
      log.error("Jobs that do not go on could not be looked for; trying again", e);
    }
  }

  private void look() {
    long now = nanos.getAsLong();
    for (RunningJob job : running.all()) {
      if (now - job.claimedAt() >= BEGIN.toNanos() && job.abandon()) {
        giveBack(job);
      }
      Duration asked = job.askedToStopFor(now);
      if (asked != null && asked.compareTo(stuckAfter) >= 0 && !stuck.has(job)) {
        stuck.add(job, asked);
        job.giveUp();
        if (!running.has(job)) {
          stuck.ended(job); // it returned just now, and may have said so before it was added
        }
      }
    }
    leave();
  }

  // Its slot stays taken until the thread comes: a process that cannot begin what it has claimed
  // should not claim more.
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
        BEGIN.toSeconds());
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
      for (ClaimLoop loop : loops) {
        if (loop.stuck()) {
          leaving = true;
          log.error(
              "Every slot of pool {} is kept by a tool that ignores its interrupt ({}); this"
                  + " process claims nothing more and ends when its other jobs are done"
                  + " (longhaul.worker.exit-when-stuck)",
              loop.pool().name(),
              String.join(", ", stuck.names()));
          break;
        }
      }
    }
    if (leaving) {
      loops.forEach(ClaimLoop::stopClaiming);
      loops.forEach(ClaimLoop::stopWaiting);
      if (running.all().stream().allMatch(stuck::has)) {
        left = true;
        exit.run();
      }
    }
  }
}
