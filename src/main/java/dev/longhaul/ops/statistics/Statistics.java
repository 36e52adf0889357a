package dev.longhaul.ops.statistics;

import dev.longhaul.ops.statistics.StatisticsStore.LastHour;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up what operations do in this process, and writes the sums to the store every ten seconds
 * and at the stop. While the store cannot be reached the sums are kept, and are added to the hour
 * in which they can be written.
 */
public final class Statistics implements AutoCloseable {
  /** For how many hours statistics are kept. */
  public static final int HOURS = 24;

  /** How many operations of each kind this process keeps sums of. */
  static final int MAX_OPERATIONS = 200;

  private static final Logger log = LoggerFactory.getLogger(Statistics.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private record Batch(long number, Map<Operation, Counts> sums) {}

  private final StatisticsStore store;
  private final double sampleRate;
  private final DoubleSupplier random;
  private final String process = UUID.randomUUID().toString();
  private final Map<Operation, RunningCounts> current = new ConcurrentHashMap<>();
  private final Map<Operation.Kind, Integer> known = new ConcurrentHashMap<>();
  private final Object writing = new Object();
  private final ScheduledExecutorService timer;
  // Both guarded by writing. A batch keeps its number until the store has answered.
  private @Nullable Batch unanswered;
  private long batches;

  public Statistics(StatisticsStore store, double sampleRate) {
    this(store, sampleRate, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * @param sampleRate which part of the calls is measured, 0 to 1; all are counted
   * @param random supplies numbers from 0 (inclusive) to 1 (exclusive)
   */
  Statistics(StatisticsStore store, double sampleRate, DoubleSupplier random) {
    this.store = store;
    this.sampleRate = sampleRate;
    this.random = random;
    this.timer = Threads.timer("longhaul-statistics", 1);
    var _ =
        timer.scheduleWithFixedDelay(
            Supervised.repeated("The writing of statistics", this::write),
            INTERVAL.toMillis(),
            INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Counts a call that has ended. Reads and writes nothing.
   *
   * @param allocatedBytes the memory that it allocated, or -1 if that is unknown
   */
  public void add(Operation operation, boolean failed, Duration took, long allocatedBytes) {
    boolean measured = sampleRate >= 1 || random.getAsDouble() < sampleRate;
    sums(operation).add(failed, took, allocatedBytes, measured);
  }

  /** Counts a call of which it is not known how long it took. */
  public void addUnmeasured(Operation operation, boolean failed) {
    sums(operation).add(failed, Duration.ZERO, -1, false);
  }

  private RunningCounts sums(Operation operation) {
    RunningCounts sums = current.get(operation);
    if (sums != null) {
      return sums;
    }
    // Two threads may pass the limit together; it bounds the memory, and one more does no harm.
    boolean room = known.getOrDefault(operation.kind(), 0) < MAX_OPERATIONS;
    return current.computeIfAbsent(
        room ? operation : operation.other(),
        added -> {
          known.merge(added.kind(), 1, Integer::sum);
          return new RunningCounts();
        });
  }

  /**
   * Writes the sums to the store.
   *
   * @throws StatisticsUnavailableException if the store cannot be reached; the sums are kept
   */
  public void write() {
    synchronized (writing) {
      Batch earlier = unanswered;
      if (earlier != null) {
        write(earlier);
      }
      Map<Operation, Counts> sums = new LinkedHashMap<>();
      current.forEach((operation, counts) -> {
        Counts taken = counts.take();
        if (taken.count() > 0) {
          sums.put(operation, taken);
        }
      });
      if (!sums.isEmpty()) {
        Batch batch = new Batch(++batches, sums);
        unanswered = batch;
        write(batch);
      }
    }
  }

  private void write(Batch batch) {
    store.add(process, batch.number(), batch.sums());
    unanswered = null;
  }

  /**
   * The statistics of all processes. What this process has not written yet is written first.
   *
   * @param hours the current hour and those before it, 1 to {@link #HOURS}
   * @param operation only the operation with this name, or null for all
   * @throws StatisticsUnavailableException if the store cannot be reached
   */
  public StatisticsReport report(int hours, @Nullable String operation) {
    write();
    return StatisticsReport.of(store.read(hours), hours, sampleRate, operation);
  }

  /**
   * The jobs of all processes that ended in the last hour.
   *
   * @throws StatisticsUnavailableException if the store cannot be reached
   */
  public LastHour lastHour() {
    write();
    return store.lastHour();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      write();
    } catch (RuntimeException e) {
      log.warn("The last statistics of this process could not be written: {}", e.getMessage());
    }
  }
}
