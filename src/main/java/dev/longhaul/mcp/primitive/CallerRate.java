package dev.longhaul.mcp.primitive;

import dev.longhaul.job.Rate;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * A token bucket per caller, in this process only: the limited calls are cheap, so a caller may
 * have a bucket in each process.
 */
final class CallerRate {
  private static final int MANY = 10_000;

  private final long interval;
  private final long burst;
  private final LongSupplier nanos;
  // When each caller's bucket is full again. Full buckets need no entry.
  private final ConcurrentHashMap<String, Long> full = new ConcurrentHashMap<>();

  CallerRate(Rate rate, LongSupplier nanos) {
    this.interval = Math.max(1, rate.period().toNanos() / rate.calls());
    this.burst = interval * rate.calls();
    this.nanos = nanos;
  }

  /**
   * Takes a token.
   *
   * @return zero if there was a token, else the time until the next one
   */
  Duration take(String caller) {
    long now = nanos.getAsLong();
    if (full.size() >= MANY) {
      full.values().removeIf(time -> time - now <= 0);
    }
    long[] wait = {0};
    full.compute(
        caller,
        (_, before) -> {
          long from = before == null || before - now < 0 ? now : before;
          long to = from + interval;
          wait[0] = to - now - burst;
          return wait[0] > 0 ? before : Long.valueOf(to);
        });
    return wait[0] > 0 ? Duration.ofNanos(wait[0]) : Duration.ZERO;
  }

  /** How many callers have an entry. */
  int size() {
    return full.size();
  }
}
