package dev.longhaul.ops.statistics;

import java.time.Duration;
import java.util.Optional;

/**
 * The sums of one operation's calls. They can be added to those of other processes and hours.
 *
 * @param count how many calls ended
 * @param failures how many of them failed
 * @param timed how many of them were measured; fewer than all with a sample rate below 1
 * @param micros the time that the measured calls took together, in microseconds
 * @param maxMicros the longest of them
 * @param allocated of how many calls it is known what memory they allocated
 * @param bytes what these allocated together
 * @param buckets how many of the measured calls are in each bucket of {@link Histogram}
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and made for every sum
public record Counts(
    long count,
    long failures,
    long timed,
    long micros,
    long maxMicros,
    long allocated,
    long bytes,
    long[] buckets) {
  /** How many buckets there are. */
  public static final int BUCKETS = Histogram.BUCKETS;

  /** No calls. */
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, new long[BUCKETS]);

  /** The sum of both. */
  public Counts plus(Counts other) {
    long[] sum = buckets.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.buckets[i];
    }
    return new Counts(
        count + other.count,
        failures + other.failures,
        timed + other.timed,
        micros + other.micros,
        Math.max(maxMicros, other.maxMicros),
        allocated + other.allocated,
        bytes + other.bytes,
        sum);
  }

  /** The mean duration of the measured calls; empty if none was. */
  public Optional<Duration> mean() {
    return timed == 0 ? Optional.empty() : Optional.of(micros(micros / timed));
  }

  /** The longest duration of a measured call; empty if none was. */
  public Optional<Duration> max() {
    return timed == 0 ? Optional.empty() : Optional.of(micros(maxMicros));
  }

  /**
   * A percentile of the durations, exact to about 10 %; empty if no call was measured.
   *
   * @param fraction such as 0.95
   */
  public Optional<Duration> percentile(double fraction) {
    return max().map(longest -> Histogram.percentile(buckets, fraction, longest));
  }

  /** The mean memory that a call allocated in bytes; empty if it is known of none. */
  public Optional<Long> meanBytes() {
    return allocated == 0 ? Optional.empty() : Optional.of(bytes / allocated);
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1_000);
  }
}
