package dev.longhaul.ops.statistics;

import java.time.Duration;

/**
 * A histogram of durations with fixed buckets, so that those of several processes can be added.
 * Each bucket is 2^(1/4), about 19 %, wider than the one before, from 10 µs to 8.4 hours; a
 * percentile is therefore exact to about 10 %.
 */
final class Histogram {
  /** How many buckets there are; the last one has no upper bound. */
  static final int BUCKETS = 128;

  private static final double FIRST_MICROS = 10;
  private static final double PER_OCTAVE = 4;

  private Histogram() {}

  /** The bucket of a duration. */
  static int bucket(long micros) {
    double octaves = Math.log(Math.max(micros, 1) / FIRST_MICROS) / Math.log(2);
    return Math.clamp((long) Math.floor(octaves * PER_OCTAVE) + 1, 0, BUCKETS - 1);
  }

  /**
   * A percentile.
   *
   * @param counts how many durations each bucket has
   * @param fraction such as 0.95
   * @param max the longest duration
   */
  static Duration percentile(long[] counts, double fraction, Duration max) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    long wanted = Math.max(1, (long) Math.ceil(fraction * total));
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= wanted) {
        Duration middle = middle(bucket);
        return bucket == BUCKETS - 1 || middle.compareTo(max) > 0 ? max : middle;
      }
    }
    return max;
  }

  // Bucket 0 is for all that is shorter than the first bound.
  private static Duration middle(int bucket) {
    double micros = FIRST_MICROS * Math.pow(2, (bucket - 0.5) / PER_OCTAVE);
    return Duration.ofNanos(Math.round(micros * 1_000));
  }
}
