package dev.longhaul.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long tools took lately in this process, gathered so that the history which all processes
 * share is written now and then and not at every call.
 */
public final class RunTimeSums {
  private Map<String, Sum> sums = new HashMap<>();

  /**
   * Runs of one tool.
   *
   * @param count how many
   * @param nanos how long they took together, in nanoseconds
   */
  public record Sum(long count, long nanos) {
    private Sum plus(Sum other) {
      return new Sum(count + other.count, nanos + other.nanos);
    }

    /** How long they took together, in milliseconds. */
    public long millis() {
      return Math.round(nanos / 1e6);
    }
  }

  /** Adds a run. */
  public void add(String tool, Duration ran) {
    add(tool, new Sum(1, ran.toNanos()));
  }

  /** Adds runs, such as those that could not be written. */
  public synchronized void add(String tool, Sum runs) {
    sums.merge(tool, runs, Sum::plus);
  }

  /** Whether nothing was gathered since the last time. */
  public synchronized boolean isEmpty() {
    return sums.isEmpty();
  }

  /** What was gathered since the last time. */
  public synchronized Map<String, Sum> take() {
    Map<String, Sum> taken = sums;
    sums = new HashMap<>();
    return taken;
  }
}
