package dev.longhaul.thread;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks of virtual threads on platform threads and waits for them. For foreign code such as
 * tools: CPU-bound code on a virtual thread would block all other virtual threads, while the
 * operating system shares the processors among platform threads.
 *
 * <p>The threads are reused and their number is bounded. The caller's {@link ThreadContext} is
 * carried over.
 */
public final class PlatformCalls implements AutoCloseable {
  private final ThreadPoolExecutor threads;
  private final Semaphore places;

  /**
   * @param most how many threads there are at most
   */
  public PlatformCalls(String name, int most) {
    this.threads = Threads.reused(name);
    this.places = new Semaphore(most);
  }

  /**
   * Runs a task and waits for its end. A caller on a platform thread runs it itself, so nested
   * calls cannot deadlock. If the caller is interrupted, so is the task.
   *
   * @param limit how long to wait for a free thread
   * @return false if no thread was free in time, so that the task was not run
   * @throws InterruptedException if it was interrupted before there was a thread
   */
  public boolean run(Duration limit, Runnable task) throws InterruptedException {
    Thread here = Thread.currentThread();
    boolean asked = here instanceof RequestThread request && !request.calling();
    if (!here.isVirtual() && !asked) {
      task.run();
      return true;
    }
    if (!places.tryAcquire() && !places.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    if (here instanceof RequestThread request) {
      runHere(request, task);
    } else {
      handOver(task);
    }
    return true;
  }

  private void runHere(RequestThread thread, Runnable task) {
    thread.calling(true);
    try {
      ThreadContext.runHere(task);
    } finally {
      thread.calling(false);
      places.release();
    }
  }

  private void handOver(Runnable task) {
    Handed handed = new Handed(ThreadContext.carried(task), Thread.currentThread());
    try {
      threads.execute(handed);
    } catch (RuntimeException | Error e) {
      places.release();
      throw e;
    }
    handed.await();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** A submitted task; cheaper than a FutureTask. */
  private final class Handed implements Runnable {
    private final Runnable task;
    private final Thread caller;
    private @Nullable Thread runner;
    private @Nullable Throwable thrown;
    private volatile boolean done;

    Handed(Runnable task, Thread caller) {
      this.task = task;
      this.caller = caller;
    }

    @Override
    public void run() {
      runsIn(Thread.currentThread());
      try {
        task.run();
      } catch (Throwable e) {
        thrown = e; // rethrown to the caller
      } finally {
        runsIn(null);
        places.release();
        done = true;
        LockSupport.unpark(caller);
      }
    }

    private synchronized void runsIn(@Nullable Thread thread) {
      runner = thread;
    }

    private synchronized void interrupt() {
      if (runner != null) {
        runner.interrupt();
      }
    }

    void await() {
      boolean interrupted = false;
      while (!done) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          interrupted = true;
          interrupt();
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (thrown) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException("a Runnable threw a checked exception", thrown);
      }
    }
  }
}
