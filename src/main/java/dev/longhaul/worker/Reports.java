package dev.longhaul.worker;

import dev.longhaul.queue.Completion;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners and the log what the queue said. */
final class Reports {
  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final List<JobListener> listeners;

  Reports(List<JobListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void recorded(Report report, boolean accepted) {
    if (!accepted) {
      log.warn(
          "What job {} ended with here was not accepted: it was cancelled, deleted, or taken over"
              + " by another worker",
          report.claim().id());
      listeners.forEach(l -> JobRunner.heard(() -> l.lost(report.claim().id())));
      return;
    }
    switch (report.completion()) {
      case Completion.Finished finished -> {
        log.debug("Job {} ended {}", finished.id(), finished.outcome().state().wire());
        listeners.forEach(
            l -> JobRunner.heard(() -> l.ended(report.claim(), finished.outcome(), report.ran())));
      }
      case Completion.Retry retry -> {
        log.info(
            "Job {} failed on attempt {} of {}; the next one may start in {}",
            retry.id(),
            report.claim().attempt(),
            report.claim().retry().maxAttempts(),
            retry.delay());
        listeners.forEach(l -> JobRunner.heard(() -> l.retried(report.claim(), retry.error())));
      }
      case Completion.GivenBack givenBack ->
          log.info("Job {} was given back; another attempt will run it", givenBack.id());
    }
  }

  /** Says that jobs in line had no data. */
  void vanished(long count) {
    if (count == 0) {
      return;
    }
    log.error(
        "{} jobs in line had no data and are lost. Redis dropped their keys, or somebody did: see"
            + " that maxmemory-policy is noeviction (CONFIG GET maxmemory-policy, evicted_keys in"
            + " INFO stats), and that nobody deletes keys by hand or restores a part of them",
        count);
    listeners.forEach(l -> JobRunner.heard(() -> l.vanished(count)));
  }
}
