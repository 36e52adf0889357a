package dev.longhaul.mcp.primitive;

import dev.longhaul.job.Rate;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * A token bucket for each caller, in this process only: what it guards costs little, so a caller
 * that goes round several processes may do it several times as often.
 */
final class CallerRate {
  private static final int MANY = 10_000;

  private final long interval;
  private final long burst;
  private final LongSupplier nanos;
  // When each caller's bucket is full again. A bucket that is full is as good as none.
  private final ConcurrentHashMap<String, Long> full = new ConcurrentHashMap<>();

  CallerRate(Rate rate, LongSupplier nanos) {
    this.interval = Math.max(1, rate.period().toNanos() / rate.calls());
    this.burst = interval * rate.calls();
    this.nanos = nanos;
  }

  /**
   * Takes a token.
   *
   * @return zero if there was one, else how long until there is one
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

  /** How many callers are remembered. */
  int size() {
    return full.size();
  }
}
