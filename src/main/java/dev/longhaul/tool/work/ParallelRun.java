package dev.longhaul.tool.work;

import dev.longhaul.thread.SideThreads;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A run of a {@link ParallelMap}: returns its outcomes as they complete. For use by one thread.
 *
 * @param <T> the items
 * @param <R> the results
 */
public final class ParallelRun<T, R> implements Iterator<ItemOutcome<T, R>>, AutoCloseable {
  private static final String STEP = "waiting for items";
  private static final long GRACE_SECONDS = 5;

  private final Iterator<? extends T> items;
  private final ItemTask<? super T, ? extends R> task;
  private final int atOnce;
  private final @Nullable CpuPool pool;
  private final LongConsumer report;
  private final Map<Long, Future<?>> running = new HashMap<>();
  private final BlockingQueue<Ended<T, R>> ended = new LinkedBlockingQueue<>();
  private final List<ItemOutcome<T, R>> unread = new ArrayList<>();
  private long started;
  private long read;
  private boolean closed;

  /** Exactly one of outcome and error is set. */
  private record Ended<T, R>(
      long index, @Nullable ItemOutcome<T, R> outcome, @Nullable Error error) {}

  ParallelRun(
      Iterator<? extends T> items,
      ItemTask<? super T, ? extends R> task,
      int atOnce,
      @Nullable CpuPool pool,
      LongConsumer report) {
    this.items = items;
    this.task = task;
    this.atOnce = atOnce;
    this.pool = pool;
    this.report = report;
  }

  /** Whether further outcomes will come. */
  @Override
  public boolean hasNext() {
    return !closed && (!running.isEmpty() || items.hasNext());
  }

  /**
   * Waits for the next item that completes.
   *
   * @throws JobStoppedException if the call was cancelled or timed out, or the thread interrupted;
   *     the running items are interrupted, and {@link #close} waits for them
   */
  @Override
  public ItemOutcome<T, R> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      fill();
      Ended<T, R> next = await();
      running.remove(next.index());
      ItemOutcome<T, R> outcome = next.outcome();
      if (outcome == null) {
        throw Objects.requireNonNull(next.error());
      }
      report.accept(++read);
      // Starts the next item now, not only when the caller returns.
      fill();
      return outcome;
    } catch (RuntimeException | Error e) {
      halt();
      throw e;
    }
  }

  private void fill() {
    while (running.size() < atOnce && items.hasNext()) {
      Stops.check(STEP);
      if (pool != null) {
        running.put(started, pool.submit(nextWork()));
      } else {
        Optional<SideThreads.Permit> place = SideThreads.permit(running.isEmpty());
        if (place.isEmpty()) {
          return; // tried again when a running item ends
        }
        running.put(started, startWith(place.get()));
      }
      started++;
    }
  }

  private Future<?> startWith(SideThreads.Permit place) {
    Runnable work;
    try {
      work = nextWork();
    } catch (RuntimeException | Error e) {
      place.giveBack();
      throw e;
    }
    return place.start(work);
  }

  private Runnable nextWork() {
    long index = started;
    T item = items.next();
    return JobContext.wrap(() -> work(index, item));
  }

  private Ended<T, R> await() {
    try {
      while (true) {
        Stops.check(STEP);
        Ended<T, R> next = ended.poll(Stops.LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          return next;
        }
      }
    } catch (InterruptedException e) {
      throw Stops.interrupted(STEP);
    }
  }

  private void work(long index, T item) {
    try {
      R value = Objects.requireNonNull(task.apply(item), "the task returned null");
      ended.add(new Ended<>(index, new ItemOutcome.Done<>(index, item, value), null));
    } catch (Exception e) {
      ended.add(new Ended<>(index, new ItemOutcome.Failed<>(index, item, e), null));
    } catch (Error e) {
      // An Error is not a failure of the item: it ends the whole run and is thrown in the caller's
      // thread.
      ended.add(new Ended<>(index, null, e));
    }
  }

  /** The outcomes that were complete but not yet read when the run was stopped. */
  List<ItemOutcome<T, R>> unread() {
    return unread;
  }

  /**
   * Stops the running items and waits up to {@value #GRACE_SECONDS} s for their end. Work on a
   * {@link CpuPool} is interrupted but not waited for.
   */
  @Override
  public void close() {
    halt();
    boolean interrupted = Thread.interrupted();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
    try {
      for (Future<?> future : running.values()) {
        if (future instanceof SideThreads.Piece piece) {
          var _ = piece.awaitEnd(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void halt() {
    if (closed) {
      return;
    }
    closed = true;
    // Collected before the interrupts, because later failures are caused by them.
    List<Ended<T, R>> before = new ArrayList<>();
    ended.drainTo(before);
    before.forEach(end -> {
      if (end.outcome() != null) {
        unread.add(end.outcome());
      }
    });
    running.values().forEach(future -> future.cancel(true));
  }
}
