package dev.longhaul.rest;

import dev.longhaul.job.Job;
import dev.longhaul.queue.JobQueue.Watch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the latest version of a job to the thread of a request. Only one version is kept, so that
 * a slow client skips versions and needs no memory.
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

  /** Sets the watch that is closed with this feed. */
  void fedBy(Watch watch) {
    this.watch = watch;
  }

  /**
   * Waits for a version that was not returned yet.
   *
   * @return it, or null if the time is over or the server stops
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

  /** Ends all waiting, because the server stops. */
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
