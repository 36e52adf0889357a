package dev.longhaul.worker;

import dev.longhaul.catalog.RunningCall.Stop;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.RenewAnswer;
import dev.longhaul.thread.Supervised;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of this process every third of a lease, and passes on what the answer says: who
 * was cancelled, who is lost. Runs on a platform thread, because CPU-bound tools on virtual threads
 * can keep a virtual heartbeat from running for seconds.
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
      // Also an Error: a schedule whose task throws ends, and with it every lease of this process.
      log.warn(
          "The leases of {} running jobs could not be renewed ({}); trying again before they end",
          leases.size(),
          e.getMessage());
    }
  }

  void cancelled(JobId id) {
    stop(id, Stop.CANCELLED);
  }

  private void stop(JobId id, Stop reason) {
    running
        .find(id)
        .ifPresent(job -> {
          if (job.stop(reason)) {
            log.info("Job {} is {}; its tool is asked to stop", id, word(reason));
          }
        });
  }

  private static String word(Stop reason) {
    return switch (reason) {
      case CANCELLED -> "cancelled";
      case TIMED_OUT -> "out of time";
      case LOST -> "no longer this worker's";
    };
  }
}
