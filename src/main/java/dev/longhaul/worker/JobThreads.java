package dev.longhaul.worker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of a pool, each on a thread of its own while it runs. Threads are woken one after
 * the other: a thread that takes a job wakes the next one first if more jobs wait, and takes
 * another job when it has ended its own. Slow jobs so begin at once, and quick ones need few
 * threads: to wake a thread for each costs more than to run it.
 */
final class JobThreads implements Executor {
  private static final Logger log = LoggerFactory.getLogger(JobThreads.class);

  private final Executor threads;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean waking = new AtomicBoolean();

  /**
   * @param threads gives each task a thread at once
   */
  JobThreads(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable job) {
    waiting.add(job);
    try {
      wake();
    } catch (RuntimeException | Error e) {
      if (waiting.remove(job)) {
        throw e; // otherwise a thread that was there has taken it
      }
    }
  }

  private void wake() {
    if (!waiting.isEmpty() && waking.compareAndSet(false, true)) {
      try {
        threads.execute(this::run);
      } catch (RuntimeException | Error e) {
        waking.set(false);
        throw e;
      }
    }
  }

  private void run() {
    // Before the first look, so that a job that is added after it wakes another thread.
    waking.set(false);
    for (Runnable job = waiting.poll(); job != null; job = waiting.poll()) {
      wakeNext();
      job.run();
    }
  }

  private void wakeNext() {
    try {
      wake();
    } catch (RuntimeException | Error e) {
      log.warn(
          "No further thread could be started; the next jobs wait until a running one ends", e);
    }
  }
}
