package dev.longhaul.thread;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Timers for what nearly always ends before they fire: time limits of quick calls. An ordinary
 * scheduler wakes a thread for each of them, which costs a quick call more than its work does. Here
 * they are only noted, and a thread looks through them now and then; so they fire up to {@link
 * #TICK} late.
 */
public final class CoarseTimer implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(20);
  // So long it goes on looking when there is nothing, so that not every call has to wake it.
  private static final long LINGER_NANOS = Duration.ofSeconds(10).toNanos();

  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private final Supervised ticks;
  private final ExecutorService actions;
  private final Thread ticker;
  private volatile boolean asleep;
  private volatile boolean closed;

  /**
   * @param name of its threads; they are platform threads, which CPU-bound virtual ones cannot hold
   *     up
   */
  public CoarseTimer(String name) {
    ticks = new Supervised(name);
    actions = Threads.fixed(name + "-action", 2, new LinkedBlockingQueue<>());
    ticker = Threads.loop(name, this::tick);
  }

  /** A timer that can be called off. */
  public interface Handle {
    /** Keeps it from firing again; what fires at this moment may still run. */
    void cancel();
  }

  /** Runs something once, after a time. */
  public Handle after(Duration delay, Runnable action) {
    return add(new Entry(delay.toNanos(), 0, action));
  }

  /** Runs something again and again. */
  public Handle every(Duration interval, Runnable action) {
    return add(new Entry(interval.toNanos(), interval.toNanos(), action));
  }

  private Handle add(Entry entry) {
    entries.add(entry);
    if (asleep) {
      LockSupport.unpark(ticker);
    }
    return entry;
  }

  private void tick() {
    long busy = System.nanoTime();
    while (!closed) {
      if (!entries.isEmpty()) {
        busy = System.nanoTime();
        fireAll(busy);
      } else if (System.nanoTime() - busy > LINGER_NANOS) {
        sleep();
        busy = System.nanoTime();
      }
      LockSupport.parkNanos(TICK.toNanos());
    }
  }

  // Also of an Error: nothing would fire any more, and nobody would say so.
  private void fireAll(long now) {
    try {
      fire(now);
    } catch (RuntimeException | Error e) {
      ticks.failed(e);
    }
  }

  private void sleep() {
    asleep = true;
    // Whoever adds after this sees that it sleeps; who did before is seen here.
    while (entries.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private void fire(long now) {
    for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (now - entry.due < 0) {
        continue;
      }
      if (entry.interval > 0) {
        entry.due = now + entry.interval;
      } else {
        all.remove();
      }
      try {
        actions.execute(() -> run(entry.action));
      } catch (RejectedExecutionException e) {
        return; // closed at this moment
      }
    }
  }

  private void run(Runnable action) {
    try {
      action.run();
      ticks.worked();
    } catch (RuntimeException | Error e) {
      ticks.failed(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(ticker);
    actions.shutdownNow();
    entries.clear();
  }

  private final class Entry implements Handle {
    final long interval;
    final Runnable action;
    long due; // written by the ticker alone, once it is in the set

    Entry(long delay, long interval, Runnable action) {
      this.due = System.nanoTime() + delay;
      this.interval = interval;
      this.action = action;
    }

    @Override
    public void cancel() {
      entries.remove(this);
    }
  }
}
