package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The wait of one thread for a job, which other threads can wake or stop. */
public final class Wait {
  private final Semaphore signals = new Semaphore(0);
  private final AtomicReference<@Nullable WaitEnd> stopped = new AtomicReference<>();
  private volatile @Nullable Job latest;
  private volatile @Nullable Outcome ended;

  /**
   * How a wait ended.
   *
   * @param after how long it took
   */
  record Ended(WaitEnd end, Duration after) {}

  /** Reports the current state of the job. */
  void saw(Job job) {
    latest = job;
    wake();
  }

  /** Reports the end of the job. */
  void saw(Job job, Outcome outcome) {
    ended = outcome;
    saw(job);
  }

  /** How the job ended, if that was reported. */
  @Nullable Outcome outcome() {
    return ended;
  }

  /** The last reported state of the job, or null if none was reported. */
  @Nullable Job latest() {
    return latest;
  }

  /** Wakes the waiting thread, because something may have changed. */
  public void wake() {
    signals.release();
  }

  /** Stops the wait; only the first reason counts. */
  public void stop(WaitEnd reason) {
    stopped.compareAndSet(null, reason);
    signals.release();
  }

  /** Why the wait was stopped, or null if it was not. */
  public @Nullable WaitEnd stopped() {
    return stopped.get();
  }

  /**
   * Waits until woken.
   *
   * @return false if the time ran out first
   */
  boolean await(Duration limit) throws InterruptedException {
    if (!signals.tryAcquire(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS)) {
      return false;
    }
    signals.drainPermits();
    return true;
  }
}
