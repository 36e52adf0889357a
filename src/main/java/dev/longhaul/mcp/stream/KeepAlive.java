package dev.longhaul.mcp.stream;

import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes a comment to every open stream at intervals, which keeps proxies from closing the
 * connection and detects clients that have disconnected. It uses separate platform threads, because
 * CPU-bound virtual threads can delay all others for seconds. A comment fits the socket's buffer,
 * so a slow reader does not block the others.
 */
public final class KeepAlive implements AutoCloseable {
  static final int THREADS = 2;

  private static final Duration FIRST_PHASE = Duration.ofSeconds(12);
  private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SECOND_PHASE = Duration.ofSeconds(60);
  private static final Duration SECOND_INTERVAL = Duration.ofSeconds(3);

  private final ScheduledThreadPoolExecutor timers;
  private final CoarseTimer openings;
  private final Duration interval;

  /**
   * @param interval the time between two comments on one stream
   * @param openings the timer that opens the streams of slow calls
   */
  public KeepAlive(Duration interval, CoarseTimer openings) {
    this.openings = openings;
    this.interval = interval;
    this.timers = Threads.timer("longhaul-keep-alive", THREADS);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timers.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  Future<?> repeat(Runnable comment) {
    long nanos = interval.toNanos();
    return timers.scheduleWithFixedDelay(
        Supervised.repeated("comments on open streams", comment),
        nanos,
        nanos,
        TimeUnit.NANOSECONDS);
  }

  /**
   * Writes comments to the stream of a held call, more often in its first minute: most clients time
   * out then, and only a write detects it (docs/decisions/0019-patience.md).
   */
  Future<?> whileHeld(Runnable comment) {
    return new HeldComments(comment).begin();
  }

  private final class HeldComments extends CompletableFuture<Void> implements Runnable {
    private final Runnable comment;
    private final long began = System.nanoTime();
    private volatile @Nullable Future<?> next;

    HeldComments(Runnable comment) {
      this.comment = comment;
    }

    HeldComments begin() {
      schedule();
      return this;
    }

    @Override
    public void run() {
      try {
        comment.run();
      } finally {
        schedule();
      }
    }

    private void schedule() {
      Duration age = Duration.ofNanos(System.nanoTime() - began);
      if (!isDone() && !timers.isShutdown()) {
        next = timers.schedule(this, pause(age).toNanos(), TimeUnit.NANOSECONDS);
      }
      if (isDone()) {
        cancelNext();
      }
    }

    private Duration pause(Duration age) {
      Duration wanted =
          age.compareTo(FIRST_PHASE) < 0
              ? FIRST_INTERVAL
              : age.compareTo(SECOND_PHASE) < 0 ? SECOND_INTERVAL : interval;
      return wanted.compareTo(interval) < 0 ? wanted : interval;
    }

    @Override
    public boolean cancel(boolean interrupt) {
      boolean first = super.cancel(interrupt);
      cancelNext();
      return first;
    }

    private void cancelNext() {
      Future<?> waiting = next;
      if (waiting != null) {
        waiting.cancel(false);
      }
    }
  }

  CoarseTimer.Handle after(Duration delay, Runnable action) {
    return openings.after(delay, action);
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
