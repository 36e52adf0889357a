package dev.longhaul.cli.bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The times of the calls of one target; every one is kept, so that percentiles are exact. */
final class Measured {
  private static final double NANOS_IN_MILLI = 1e6;

  private final AtomicLongArray nanos;
  private final AtomicInteger succeeded = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  /**
   * @param most how many calls are measured at most
   */
  Measured(int most) {
    nanos = new AtomicLongArray(most);
  }

  void success(long took) {
    nanos.set(succeeded.getAndIncrement(), Math.max(1, took));
  }

  void failure() {
    failed.incrementAndGet();
  }

  /**
   * What there is so far.
   *
   * @param seconds how long the run has taken
   */
  BenchRow row(String label, int concurrency, double seconds) {
    // A slot that is taken and not yet written is 0.
    long[] times =
        IntStream.range(0, succeeded.get())
            .mapToLong(nanos::get)
            .filter(time -> time > 0)
            .sorted()
            .toArray();
    double sum = 0;
    for (long time : times) {
      sum += time;
    }
    return new BenchRow(
        label,
        concurrency,
        times.length + failed.get(),
        failed.get(),
        times.length == 0 ? null : Double.valueOf(sum / times.length / NANOS_IN_MILLI),
        percentile(times, 50),
        percentile(times, 95),
        percentile(times, 99),
        percentile(times, 100),
        seconds > 0 ? times.length / seconds : 0);
  }

  /** The smallest time that is not below that share of all (nearest rank). */
  private static @Nullable Double percentile(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return null;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(0, rank - 1)] / NANOS_IN_MILLI;
  }
}
