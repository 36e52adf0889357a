package dev.longhaul.intake;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says now and then for which jobs this process holds a call whose client's leaving would cancel
 * them, so that they are cancelled as well when this process dies (DECISIONS.md, "Disconnect"). A
 * call that ends before the first word costs nothing.
 */
final class Attendance implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Attendance.class);
  private static final int BATCH = 500;

  private final JobQueue queue;
  private final Duration lease;
  private final Map<JobId, Integer> attended = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer = Threads.timer("longhaul-attendance", 1);

  /**
   * @param lease how long after its last word a process counts as gone
   */
  Attendance(JobQueue queue, Duration lease) {
    this.queue = queue;
    this.lease = lease;
    long period = lease.toMillis() / 3;
    var _ = timer.scheduleWithFixedDelay(this::say, period, period, TimeUnit.MILLISECONDS);
  }

  Watch attend(JobId id) {
    attended.merge(id, 1, Integer::sum);
    return () -> attended.computeIfPresent(id, (k, count) -> count == 1 ? null : count - 1);
  }

  private void say() {
    List<JobId> ids = new ArrayList<>(attended.keySet());
    try {
      for (int from = 0; from < ids.size(); from += BATCH) {
        queue.attend(ids.subList(from, Math.min(ids.size(), from + BATCH)), lease);
      }
    } catch (RuntimeException e) {
      log.debug("Which jobs are waited for here could not be said; it is said again", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
