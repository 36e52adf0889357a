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
 * Stores what one job's tool says of one thing, such as its progress: the first word at once, then
 * the latest one now and again, however often the tool speaks.
 */
final class LatestWriter<T> {
  private static final Logger log = LoggerFactory.getLogger(LatestWriter.class);

  private final JobId id;
  private final Duration interval;
  private final ScheduledExecutorService timer;
  private final Function<T, CompletableFuture<Boolean>> store;
  private final AtomicReference<@Nullable T> latest = new AtomicReference<>();
  private boolean resting;
  private boolean finished;
  private CompletableFuture<Boolean> stored = CompletableFuture.completedFuture(true);

  /**
   * @param interval the shortest time between two that are stored
   * @param store stores one
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

  void write(T said) {
    latest.set(said);
    flush();
  }

  /**
   * Stores the last word, whatever the interval; what is said later is lost.
   *
   * @return done when it, and what was on its way before, is stored or could not be
   */
  synchronized CompletableFuture<?> finish() {
    resting = true;
    finished = true;
    T said = latest.getAndSet(null);
    if (said != null) {
      store(said);
    }
    return stored;
  }

  private synchronized void flush() {
    if (resting) {
      return;
    }
    T said = latest.getAndSet(null);
    if (said == null) {
      return;
    }
    resting = true;
    store(said);
    var _ = timer.schedule(this::rested, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  // What is lost is not worth a retry: the next word, or the end, replaces it.
  private void store(T said) {
    try {
      stored = store.apply(said);
    } catch (RuntimeException | Error e) {
      OutOfMemory.met(e);
      log.debug("What job {} said could not be stored", id, e);
    }
  }

  private void rested() {
    synchronized (this) {
      resting = finished;
    }
    flush();
  }
}
