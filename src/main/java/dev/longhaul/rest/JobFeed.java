package dev.longhaul.rest;

import dev.longhaul.job.Job;
import dev.longhaul.queue.JobQueue.Watch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries one job's versions from whoever announces them to the request's thread. Only the latest
 * is kept: a slow client skips versions instead of holding memory.
 */
final class JobFeed implements AutoCloseable {
  private final Consumer<JobFeed> closed;
  private @Nullable Job latest;
  private @Nullable Watch watch;
  private boolean ended;

  JobFeed(Consumer<JobFeed> closed) {
    this.closed = closed;
  }

  synchronized void offer(Job job) {
    latest = job;
    notifyAll();
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
  synchronized @Nullable Job next(Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    long left = wait.toNanos();
    while (latest == null && !ended && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    Job job = latest;
    latest = null;
    return job;
  }

  /** Wakes the reader for good: the server stops. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    closed.accept(this);
  }
}
