package dev.longhaul.ops.statistics;

import java.time.Duration;

/** The sums of one operation in this process since they were last taken. */
final class RunningCounts {
  private long count;
  private long failures;
  private long timed;
  private long micros;
  private long maxMicros;
  private long allocated;
  private long bytes;
  private long[] buckets = new long[Counts.BUCKETS];

  synchronized void add(boolean failed, Duration took, long allocatedBytes, boolean measured) {
    count++;
    if (failed) {
      failures++;
    }
    if (!measured) {
      return;
    }
    long its = Math.max(0, took.toNanos() / 1_000);
    timed++;
    micros += its;
    maxMicros = Math.max(maxMicros, its);
    buckets[Histogram.bucket(its)]++;
    if (allocatedBytes >= 0) {
      allocated++;
      bytes += allocatedBytes;
    }
  }

  /** Returns the sums and begins anew. */
  synchronized Counts take() {
    if (count == 0) {
      return Counts.NONE;
    }
    var taken = new Counts(count, failures, timed, micros, maxMicros, allocated, bytes, buckets);
    count = 0;
    failures = 0;
    timed = 0;
    micros = 0;
    maxMicros = 0;
    allocated = 0;
    bytes = 0;
    buckets = new long[Counts.BUCKETS];
    return taken;
  }
}
