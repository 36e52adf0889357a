package dev.longhaul.worker;

import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.RunTimeSums;
import dev.longhaul.queue.WorkQueue;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the run times of tools and adds them periodically to the statistics shared by all
 * processes.
 */
final class ToolTimes implements JobListener, Runnable {
  private static final Logger log = LoggerFactory.getLogger(ToolTimes.class);

  private final WorkQueue queue;
  private final RunTimeSums gathered = new RunTimeSums();

  ToolTimes(WorkQueue queue) {
    this.queue = queue;
  }

  @Override
  public void ended(Claim claim, Outcome outcome, Duration ran) {
    if (claim.tool() != null && outcome instanceof Outcome.Answered) {
      gathered.add(claim.tool(), ran);
    }
  }

  @Override
  public void run() {
    // Not retried: the statistics are an estimate.
    try {
      gathered
          .take()
          .forEach((tool, sum) -> {
            var _ = queue.recordTimes(tool, sum.count(), sum.millis());
          });
    } catch (RuntimeException e) { // a periodic task that throws is not run again
      log.debug("Run times could not be recorded", e);
    }
  }
}
