package dev.longhaul.ops.statistics;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Adds up what operations do in this process until it is taken. It knows no store, because the
 * connections to Redis are themselves observed.
 */
final class GatheredCounts {
  private final double sampleRate;
  private final DoubleSupplier random;
  private final Map<Operation, RunningCounts> operations = new ConcurrentHashMap<>();
  private final Map<Operation.Kind, Integer> known = new ConcurrentHashMap<>();
  private final RunningCounts ended = new RunningCounts();

  /**
   * @param sampleRate which part of the calls is measured, 0 to 1; all are counted
   */
  GatheredCounts(double sampleRate) {
    this(sampleRate, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * @param random supplies numbers from 0 (inclusive) to 1 (exclusive)
   */
  GatheredCounts(double sampleRate, DoubleSupplier random) {
    this.sampleRate = sampleRate;
    this.random = random;
  }

  double sampleRate() {
    return sampleRate;
  }

  /**
   * Counts a call that has ended.
   *
   * @param allocatedBytes the memory that it allocated, or -1 if that is unknown
   */
  void add(Operation operation, boolean failed, Duration took, long allocatedBytes) {
    boolean measured = sampleRate >= 1 || random.getAsDouble() < sampleRate;
    sums(operation).add(failed, took, allocatedBytes, measured);
  }

  /** Counts a job that has ended, for the figures of the last hour. */
  void ended(boolean failed, Duration ran) {
    ended.add(failed, ran, -1, true);
  }

  /** Counts a job that has ended and of which no time was measured. */
  void ended(boolean failed) {
    ended.add(failed, Duration.ZERO, -1, false);
  }

  private RunningCounts sums(Operation operation) {
    RunningCounts sums = operations.get(operation);
    if (sums != null) {
      return sums;
    }
    // Two threads may pass the limit together; it bounds the memory, and one more does no harm.
    boolean room = known.getOrDefault(operation.kind(), 0) < StatisticsStore.MAX_OPERATIONS;
    return operations.computeIfAbsent(
        room ? operation : operation.other(),
        added -> {
          known.merge(added.kind(), 1, Integer::sum);
          return new RunningCounts();
        });
  }

  /**
   * What was gathered.
   *
   * @param operations those with calls
   * @param ended the jobs that ended
   */
  record Taken(Map<Operation, Counts> operations, Counts ended) {
    boolean isEmpty() {
      return operations.isEmpty() && ended.count() == 0;
    }
  }

  /** Returns the sums and begins anew. */
  Taken take() {
    Map<Operation, Counts> sums = new LinkedHashMap<>();
    operations.forEach((operation, counts) -> {
      Counts taken = counts.take();
      if (taken.count() > 0) {
        sums.put(operation, taken);
      }
    });
    return new Taken(sums, ended.take());
  }
}
