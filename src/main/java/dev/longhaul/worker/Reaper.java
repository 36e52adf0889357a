package dev.longhaul.worker;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.ReapAnswer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for jobs whose worker was lost. Every worker does; the queue lets each job go once. */
final class Reaper implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final int LIMIT = 200;

  private final WorkQueue queue;
  private final List<JobListener> listeners;

  Reaper(WorkQueue queue, List<JobListener> listeners) {
    this.queue = queue;
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void run() {
    try {
      report(queue.reap(LIMIT));
    } catch (RuntimeException | Error e) { // what is thrown would end the schedule
      log.warn("Leases could not be looked through ({}); trying again soon", e.getMessage());
    }
  }

  /** To be called once before the first claim. */
  void afterRestart() {
    report(queue.reapAfterRestart());
  }

  private void report(ReapAnswer answer) {
    answer.requeued().forEach(id -> tell(id, false));
    answer.ended().forEach(id -> tell(id, true));
    answer.requeued().forEach(id -> log.warn("Job {} lost its worker and is back in line", id));
    answer
        .ended()
        .forEach(id ->
            log.warn(
                "Job {} lost its worker and may not be repeated; it is dead, with its outcome"
                    + " unknown",
                id));
  }

  private void tell(JobId id, boolean ended) {
    listeners.forEach(listener -> JobRunner.heard(() -> listener.reaped(id, ended)));
  }
}
