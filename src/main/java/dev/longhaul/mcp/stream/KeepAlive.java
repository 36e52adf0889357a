package dev.longhaul.mcp.stream;

import dev.longhaul.intake.CoarseTimer;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes a comment to every open stream now and then: proxies and clients see life, and we see
 * whether the client is still there. It has platform threads of its own, because CPU-bound virtual
 * threads can hold up every other virtual thread for seconds. The few bytes of a comment fit the
 * socket's buffer, so a slow reader does not hold up the others.
 */
public final class KeepAlive implements AutoCloseable {
  private static final int THREADS = 2;

  private final ScheduledThreadPoolExecutor timers;
  private final CoarseTimer openings = new CoarseTimer("longhaul-stream-timer");
  private final Duration interval;

  /**
   * @param interval the time between two comments on one stream
   */
  public KeepAlive(Duration interval) {
    this.interval = interval;
    this.timers = Threads.timer("longhaul-keep-alive", THREADS);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timers.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  Future<?> repeat(Runnable comment) {
    long nanos = interval.toNanos();
    return timers.scheduleWithFixedDelay(comment, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  CoarseTimer.Handle after(Duration delay, Runnable action) {
    return openings.after(delay, action);
  }

  @Override
  public void close() {
    timers.shutdownNow();
    openings.close();
  }
}
