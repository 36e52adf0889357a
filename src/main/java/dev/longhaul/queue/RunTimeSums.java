package dev.longhaul.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums of tools' run times in this process, collected so that the shared statistics are not written
 * with every call.
 */
public final class RunTimeSums {
  private Map<String, Sum> sums = new HashMap<>();

  /**
   * A sum of run times.
   *
   * @param count the number of runs
   * @param nanos their total time in nanoseconds
   */
  public record Sum(long count, long nanos) {
    private Sum plus(Sum other) {
      return new Sum(count + other.count, nanos + other.nanos);
    }

    /** The total time in milliseconds. */
    public long millis() {
      return Math.round(nanos / 1e6);
    }
  }

  /** Adds a run. */
  public void add(String tool, Duration ran) {
    add(tool, new Sum(1, ran.toNanos()));
  }

  /** Adds runs, for example those that could not be stored. */
  public synchronized void add(String tool, Sum runs) {
    sums.merge(tool, runs, Sum::plus);
  }

  /** Whether there are no runs since the last {@link #take}. */
  public synchronized boolean isEmpty() {
    return sums.isEmpty();
  }

  /** Returns the sums since the last call and resets them. */
  public synchronized Map<String, Sum> take() {
    Map<String, Sum> taken = sums;
    sums = new HashMap<>();
    return taken;
  }
}
