package dev.longhaul.rest;

import dev.longhaul.job.Job;
import dev.longhaul.queue.JobQueue.Watch;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Carries one job's versions from whoever announces them to the request's thread. Only the latest
 * is kept: a slow client skips versions instead of holding memory.
 */
final class JobFeed implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Runnable onClose;
  private @Nullable Job latest;
  private @Nullable Watch watch;
  private boolean ended;

  JobFeed(Runnable onClose) {
    this.onClose = onClose;
  }

  void offer(Job job) {
    lock.lock();
    try {
      latest = job;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says which watch feeds it, so that closing the feed closes that. */
  void fedBy(Watch watch) {
    this.watch = watch;
  }

  /**
   * Waits for a version that was not taken yet.
   *
   * @return it, or null when the wait is over or nothing comes any more
   */
  @Nullable Job next(Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long rest = wait.toNanos();
      while (latest == null && !ended && rest > 0) {
        rest = changed.awaitNanos(rest);
      }
      Job job = latest;
      latest = null;
      return job;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the reader for good: the server stops. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    onClose.run();
  }
}
