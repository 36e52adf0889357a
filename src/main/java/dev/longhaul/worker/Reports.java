package dev.longhaul.worker;

import dev.longhaul.queue.Completion;
import dev.longhaul.thread.Listeners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports to the listeners and the log how the queue has recorded completions. */
final class Reports {
  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final Listeners<JobListener> listeners;

  Reports(Listeners<JobListener> listeners) {
    this.listeners = listeners;
  }

  void recorded(Report report, boolean accepted) {
    if (!accepted && report.completion() instanceof Completion.GivenBack) {
      log.info("Job {} was not leased to this worker when it gave it back", report.claim().id());
      return;
    }
    if (!accepted) {
      log.warn(
          "The outcome of job {} was not accepted: the job was cancelled, deleted, or taken over"
              + " by another worker",
          report.claim().id());
      listeners.call(l -> l.lost(report.claim().id()));
      return;
    }
    switch (report.completion()) {
      case Completion.Finished finished -> {
        log.debug("Job {} ended {}", finished.id(), finished.outcome().state().wire());
        listeners.call(l -> l.ended(report.claim(), finished.outcome(), report.ran()));
      }
      case Completion.Retry retry -> {
        log.info(
            "Job {} failed on attempt {} of {}; the next one may start in {}",
            retry.id(),
            report.claim().attempt(),
            report.claim().retry().maxAttempts(),
            retry.delay());
        listeners.call(l -> l.retried(report.claim(), retry.error()));
      }
      case Completion.GivenBack givenBack ->
          log.info("Job {} was given back; another attempt will run it", givenBack.id());
    }
  }

  /** Reports queued jobs without data. */
  void vanished(long count) {
    if (count == 0) {
      return;
    }
    log.error(
        "{} queued jobs had no data and are lost, because their keys were evicted or deleted. Check"
            + " that maxmemory-policy is noeviction (CONFIG GET maxmemory-policy, evicted_keys in"
            + " INFO stats), and that nobody deletes keys or restores only a part of them",
        count);
    listeners.call(l -> l.vanished(count));
  }
}
