package dev.longhaul.catalog;

import dev.longhaul.job.Checkpoints.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Measures the steps of a running call: each lasts from its checkpoint to the next one. */
final class StepTimes {
  /** How many names are kept; steps with others are added up as {@link #OTHER}. */
  static final int MAX_NAMES = 50;

  /** How many characters of a name are kept. */
  static final int MAX_NAME = 64;

  static final String OTHER = "other";

  private final LongSupplier nanos;
  private final Map<String, Sum> sums = new LinkedHashMap<>();
  private @Nullable Sum current;
  private long since;

  private static final class Sum {
    private long count;
    private long nanos;
  }

  /**
   * @param nanos a clock in nanoseconds, such as {@link System#nanoTime}
   */
  StepTimes(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Ends the current step and begins another one. */
  synchronized void begin(String name) {
    end();
    String kept = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    Sum sum = sums.get(kept);
    if (sum == null) {
      boolean room = sums.size() < MAX_NAMES;
      sum = sums.computeIfAbsent(room ? kept : OTHER, _ -> new Sum());
    }
    sum.count++;
    current = sum;
  }

  /** The steps so far, with the time of the current one until now. */
  synchronized List<Step> steps() {
    end();
    List<Step> steps = new ArrayList<>();
    sums.forEach((name, sum) -> steps.add(new Step(name, sum.count, Duration.ofNanos(sum.nanos))));
    return steps;
  }

  private void end() {
    long now = nanos.getAsLong();
    if (current != null) {
      current.nanos += now - since;
    }
    since = now;
  }
}
