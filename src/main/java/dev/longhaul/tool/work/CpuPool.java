package dev.longhaul.tool.work;

import dev.longhaul.thread.Threads;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Platform threads for CPU-bound work, one per processor, shared by all tools of the process. Such
 * work on virtual threads would block all others.
 *
 * <p>Submitting waits while the queue is full. The work of a stopped call is removed from the
 * queue, or interrupted if it runs: long loops should call {@link JobContext#checkpoint} or check
 * the thread's interrupt.
 */
public final class CpuPool {
  private static final String STEP = "waiting for a processor";
  private static final int QUEUE = 1_000;
  // Bound while a thread of the pool works, and not in threads that the work starts.
  private static final ScopedValue<CpuPool> INSIDE = ScopedValue.newInstance();

  /** Created when first used, since most processes have no such tool. */
  private static final class Shared {
    static final CpuPool POOL = new CpuPool(Runtime.getRuntime().availableProcessors(), QUEUE);
  }

  private final int size;
  private final ThreadPoolExecutor threads;
  private final Semaphore permits;

  CpuPool(int size, int queue) {
    this.size = size;
    this.permits = new Semaphore(size + queue, true);
    // Unbounded: the semaphore limits it. A thread that releases its permit is still busy for a
    // moment, so a bounded queue could reject work.
    this.threads = Threads.fixed("longhaul-cpu", size, new LinkedBlockingQueue<>());
  }

  /** The process's pool. */
  public static CpuPool shared() {
    return Shared.POOL;
  }

  /** How many threads it has. */
  public int size() {
    return size;
  }

  /**
   * Runs the task on the pool and waits for it. In a thread of the pool it runs directly, so nested
   * calls cannot deadlock.
   *
   * @throws JobStoppedException if the call was cancelled or timed out, or the thread interrupted
   * @throws Exception what the task throws
   */
  public <T> T call(Callable<T> task) throws Exception {
    if (INSIDE.isBound() && INSIDE.get() == this) {
      return task.call();
    }
    Future<T> future = submit(task);
    try {
      while (true) {
        Stops.check(STEP);
        try {
          return future.get(Stops.LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // Checks whether to continue waiting.
        }
      }
    } catch (InterruptedException e) {
      throw Stops.interrupted(STEP);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    } finally {
      future.cancel(true);
    }
  }

  /**
   * Runs the task on the pool in the context of this thread's call.
   *
   * @return its result; cancelling it interrupts the task
   * @throws JobStoppedException if the call stops, or the thread is interrupted, before there is
   *     room in the queue
   */
  public <T> Future<T> submit(Callable<T> task) {
    Callable<T> inCall =
        JobContext.wrap(() -> {
          Stops.check(STEP);
          return task.call();
        });
    FutureTask<T> future = new FutureTask<>(inCall);
    enqueue(future);
    return future;
  }

  Future<?> submit(Runnable task) {
    return submit(() -> {
      task.run();
      return true;
    });
  }

  private void enqueue(Runnable work) {
    try {
      do {
        Stops.check(STEP);
      } while (!permits.tryAcquire(Stops.LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw Stops.interrupted(STEP);
    }
    threads.execute(() -> {
      try {
        ScopedValue.where(INSIDE, this).run(work);
      } finally {
        permits.release();
      }
    });
  }
}
