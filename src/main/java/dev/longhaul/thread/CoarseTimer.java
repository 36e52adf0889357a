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
 * A timer for time limits that are almost always cancelled before they fire, such as those of quick
 * calls. An ordinary scheduler wakes a thread for each, which costs more than a quick call. Here a
 * thread checks all entries periodically, so they fire up to {@link #TICK} late.
 */
public final class CoarseTimer implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(20);
  // How long the thread keeps checking without entries, so that not every call has to wake it.
  private static final long LINGER_NANOS = Duration.ofSeconds(10).toNanos();

  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private final Supervised ticks;
  private final ExecutorService actions;
  private final Thread ticker;
  private volatile boolean asleep;
  private volatile boolean closed;

  /**
   * @param name the name of its threads; they are platform threads, which CPU-bound virtual ones
   *     cannot block
   */
  public CoarseTimer(String name) {
    ticks = new Supervised(name);
    actions = Threads.fixed(name + "-action", 2, new LinkedBlockingQueue<>());
    ticker = Threads.loop(name, this::tick);
  }

  /** A timer entry that can be cancelled. */
  public interface Handle {
    /** Cancels it; an action that is just firing may still run. */
    void cancel();
  }

  /** Runs an action once, after a delay. */
  public Handle after(Duration delay, Runnable action) {
    return add(new Entry(delay.toNanos(), 0, action));
  }

  /** Runs an action periodically. */
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

  // Also for an Error: otherwise the timer would silently stop.
  private void fireAll(long now) {
    try {
      fire(now);
    } catch (RuntimeException | Error e) {
      ticks.failed(e);
    }
  }

  private void sleep() {
    asleep = true;
    // Entries added after this wake the thread; those added before are seen here.
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
        return; // closed concurrently
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
    long due; // written only by the timer's thread once it is in the set

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
