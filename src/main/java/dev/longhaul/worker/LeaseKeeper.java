package dev.longhaul.worker;

import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.RenewAnswer;
import dev.longhaul.thread.Supervised;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of this process every third of a lease, and stops the jobs that the queue
 * reports as cancelled or lost. Runs on a platform thread, because CPU-bound code on virtual
 * threads can delay other virtual threads for seconds.
 */
final class LeaseKeeper implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

  private final WorkQueue queue;
  private final RunningJobs running;
  private final Supervised renewals = new Supervised("renewing leases");

  LeaseKeeper(WorkQueue queue, RunningJobs running) {
    this.queue = queue;
    this.running = running;
  }

  @Override
  public void run() {
    Map<JobId, LeaseToken> leases = running.leases();
    if (leases.isEmpty()) {
      return;
    }
    try {
      RenewAnswer answer = queue.renew(leases);
      renewals.worked();
      answer.cancelled().forEach(id -> stop(id, Stop.CANCELLED));
      answer.lost().forEach(id -> stop(id, Stop.LOST));
    } catch (RuntimeException | Error e) {
      renewals.failed(e);
      // Also for an Error: a periodic task that throws is not run again, and all leases would
      // expire.
      log.warn(
          "The leases of {} running jobs could not be renewed ({}); the renewal is repeated before they expire",
          leases.size(),
          e.getMessage());
    }
  }

  void cancelled(JobId id) {
    running.cancelled(id).ifPresent(job -> stop(job, Stop.CANCELLED));
  }

  private void stop(JobId id, Stop reason) {
    running.find(id).ifPresent(job -> stop(job, reason));
  }

  private static void stop(RunningJob job, Stop reason) {
    if (job.stop(reason)) {
      log.info("Job {} is {}; its tool is interrupted", job.id(), word(reason));
    }
  }

  private static String word(Stop reason) {
    return switch (reason) {
      case CANCELLED -> "cancelled";
      case TIMED_OUT -> "timed out";
      case LOST -> "no longer leased by this worker";
    };
  }
}
