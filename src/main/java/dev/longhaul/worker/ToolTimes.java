package dev.longhaul.worker;

import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.RunTimeSums;
import dev.longhaul.queue.WorkQueue;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers how long tools take and adds it, now and then, to the history all processes share. */
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
    // An estimate: what is lost when Redis does not answer is not worth keeping.
    try {
      gathered
          .take()
          .forEach((tool, sum) -> {
            var _ = queue.recordTimes(tool, sum.count(), sum.millis());
          });
    } catch (RuntimeException e) { // what is thrown would end the schedule
      log.debug("Run times could not be recorded", e);
    }
  }
}
