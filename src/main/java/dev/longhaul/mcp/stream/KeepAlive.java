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
 * Writes a comment to every open stream now and then: proxies and clients see life, and we see
 * whether the client is still there. It has platform threads of its own, because CPU-bound virtual
 * threads can hold up every other virtual thread for seconds. The few bytes of a comment fit the
 * socket's buffer, so a slow reader does not hold up the others.
 */
public final class KeepAlive implements AutoCloseable {
  static final int THREADS = 2;

  private static final Duration AT_FIRST = Duration.ofSeconds(12);
  private static final Duration OFTEN = Duration.ofSeconds(1);
  private static final Duration EARLY = Duration.ofSeconds(60);
  private static final Duration LESS_OFTEN = Duration.ofSeconds(3);

  private final ScheduledThreadPoolExecutor timers;
  private final CoarseTimer openings;
  private final Duration interval;

  /**
   * @param interval the time between two comments on one stream
   * @param openings when streams are opened for calls that take long
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
   * For the stream of a call: more often in the beginning. That is when clients give up, and only a
   * write shows that they have (docs/decisions/0019-patience.md).
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
          age.compareTo(AT_FIRST) < 0 ? OFTEN : age.compareTo(EARLY) < 0 ? LESS_OFTEN : interval;
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
