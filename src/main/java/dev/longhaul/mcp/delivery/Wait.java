package dev.longhaul.mcp.delivery;

import dev.longhaul.job.Job;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Lets one thread wait for something while others can wake or stop it. */
public final class Wait {
  private final Semaphore signals = new Semaphore(0);
  private final AtomicReference<@Nullable WaitEnd> stopped = new AtomicReference<>();
  private volatile @Nullable Job latest;

  /**
   * The end of a wait.
   *
   * @param after how long it had lasted
   */
  record Ended(WaitEnd end, Duration after) {}

  /** The job that is waited for was seen like this. */
  void saw(Job job) {
    latest = job;
    wake();
  }

  /** The job as it was seen last, or null if it was not. */
  @Nullable Job latest() {
    return latest;
  }

  /** Something may have changed. */
  public void wake() {
    signals.release();
  }

  /** Ends the wait; the first reason counts. */
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
