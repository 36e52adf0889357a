package dev.longhaul.worker;

import dev.longhaul.job.JobId;
import dev.longhaul.thread.OutOfMemory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the latest of a job's frequently changing values, such as its progress: the first value at
 * once, later ones at most once per interval.
 */
final class LatestWriter<T> {
  private static final Logger log = LoggerFactory.getLogger(LatestWriter.class);

  private final JobId id;
  private final Duration interval;
  private final ScheduledExecutorService timer;
  private final Function<T, CompletableFuture<Boolean>> store;
  private final AtomicReference<@Nullable T> latest = new AtomicReference<>();
  private boolean pausing;
  private boolean finished;
  private CompletableFuture<Boolean> stored = CompletableFuture.completedFuture(true);

  /**
   * @param interval the shortest time between two writes
   * @param store writes a value
   */
  LatestWriter(
      JobId id,
      Duration interval,
      ScheduledExecutorService timer,
      Function<T, CompletableFuture<Boolean>> store) {
    this.id = id;
    this.interval = interval;
    this.timer = timer;
    this.store = store;
  }

  void write(T value) {
    latest.set(value);
    flush();
  }

  /**
   * Stores the last value regardless of the interval; later values are dropped.
   *
   * @return completes when the pending writes have succeeded or failed
   */
  synchronized CompletableFuture<?> finish() {
    pausing = true;
    finished = true;
    T value = latest.getAndSet(null);
    if (value != null) {
      store(value);
    }
    return stored;
  }

  private synchronized void flush() {
    if (pausing) {
      return;
    }
    T value = latest.getAndSet(null);
    if (value == null) {
      return;
    }
    pausing = true;
    store(value);
    var _ = timer.schedule(this::endPause, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  // Not retried: the next value, or the job's end, replaces it.
  private void store(T value) {
    try {
      stored = store.apply(value);
    } catch (RuntimeException | Error e) {
      OutOfMemory.met(e);
      log.debug("The progress or partial result of job {} could not be stored", id, e);
    }
  }

  private void endPause() {
    synchronized (this) {
      pausing = finished;
    }
    flush();
  }
}
