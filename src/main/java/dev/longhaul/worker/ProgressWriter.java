package dev.longhaul.worker;

import dev.longhaul.job.Progress;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.WorkQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what one job's tool says of its progress: the first word at once, then the latest one a
 * few times a second, however often the tool speaks.
 */
final class ProgressWriter {
  private static final Logger log = LoggerFactory.getLogger(ProgressWriter.class);
  private static final long INTERVAL_MILLIS = 200;

  private final WorkQueue queue;
  private final Claim claim;
  private final ScheduledExecutorService timer;
  private final AtomicReference<@Nullable Progress> latest = new AtomicReference<>();
  private boolean resting;

  ProgressWriter(WorkQueue queue, Claim claim, ScheduledExecutorService timer) {
    this.queue = queue;
    this.claim = claim;
    this.timer = timer;
  }

  void progress(Progress progress) {
    latest.set(progress);
    flush();
  }

  private synchronized void flush() {
    if (resting) {
      return;
    }
    Progress progress = latest.getAndSet(null);
    if (progress == null) {
      return;
    }
    resting = true;
    var _ = timer.schedule(this::rested, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    // Lost progress is not worth a retry: the next word, or the end, replaces it.
    try {
      var _ = queue.progress(claim.id(), claim.token(), progress);
    } catch (RuntimeException e) {
      log.debug("Progress of job {} could not be stored", claim.id(), e);
    }
  }

  private void rested() {
    synchronized (this) {
      resting = false;
    }
    flush();
  }
}
