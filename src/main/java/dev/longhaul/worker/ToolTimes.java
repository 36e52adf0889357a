package dev.longhaul.worker;

import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers how long tools take and adds it, now and then, to the history all processes share. */
final class ToolTimes implements JobListener, Runnable {
  private record Sum(long count, long millis) {
    Sum plus(Sum other) {
      return new Sum(count + other.count, millis + other.millis);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(ToolTimes.class);

  private final WorkQueue queue;
  private Map<String, Sum> gathered = new HashMap<>();

  ToolTimes(WorkQueue queue) {
    this.queue = queue;
  }

  @Override
  public synchronized void ended(Claim claim, Outcome outcome, Duration ran) {
    if (claim.tool() != null && outcome instanceof Outcome.Answered) {
      gathered.merge(claim.tool(), new Sum(1, ran.toMillis()), Sum::plus);
    }
  }

  @Override
  public void run() {
    Map<String, Sum> taken;
    synchronized (this) {
      taken = gathered;
      gathered = new HashMap<>();
    }
    // An estimate: what is lost when Redis does not answer is not worth keeping.
    try {
      taken.forEach((tool, sum) -> {
        var _ = queue.recordTimes(tool, sum.count(), sum.millis());
      });
    } catch (RuntimeException e) { // what is thrown would end the schedule
      log.debug("Run times could not be recorded", e);
    }
  }
}
