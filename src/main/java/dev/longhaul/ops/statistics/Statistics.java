package dev.longhaul.ops.statistics;

import dev.longhaul.ops.statistics.GatheredCounts.Taken;
import dev.longhaul.ops.statistics.StatisticsStore.LastHour;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the sums of this process to the store every ten seconds and at the stop, and reads those
 * of all processes. While the store cannot be reached the sums are kept, and are added to the hour
 * in which they can be written.
 */
public final class Statistics implements AutoCloseable {
  /** For how many hours statistics are kept. */
  public static final int HOURS = 24;

  private static final Logger log = LoggerFactory.getLogger(Statistics.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private record Batch(long number, Taken sums) {}

  private final GatheredCounts gathered;
  private final StatisticsStore store;
  private final String process = UUID.randomUUID().toString();
  private final Object writing = new Object();
  private final ScheduledExecutorService timer;
  // Both guarded by writing. A batch keeps its number until the store has answered.
  private @Nullable Batch unanswered;
  private long batches;

  Statistics(GatheredCounts gathered, StatisticsStore store) {
    this.gathered = gathered;
    this.store = store;
    this.timer = Threads.timer("longhaul-statistics", 1);
    var _ =
        timer.scheduleWithFixedDelay(
            Supervised.repeated("The writing of statistics", this::write),
            INTERVAL.toMillis(),
            INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Writes the sums to the store.
   *
   * @throws StatisticsUnavailableException if the store cannot be reached; the sums are kept
   */
  void write() {
    synchronized (writing) {
      Batch earlier = unanswered;
      if (earlier != null) {
        write(earlier);
      }
      Taken sums = gathered.take();
      if (!sums.isEmpty()) {
        Batch batch = new Batch(++batches, sums);
        unanswered = batch;
        write(batch);
      }
    }
  }

  private void write(Batch batch) {
    store.add(process, batch.number(), batch.sums().operations(), batch.sums().ended());
    unanswered = null;
  }

  // A Redis that is full or a replica can still be read.
  private void writeIfPossible() {
    try {
      write();
    } catch (StatisticsUnavailableException e) {
      log.debug("What this process has gathered could not be written and is missing", e);
    }
  }

  /**
   * The statistics of all processes. What this process has not written yet is written first, and is
   * missing if it cannot be.
   *
   * @param hours the current hour and those before it, 1 to {@link #HOURS}
   * @param operation only the operation with this name, or null for all
   * @throws StatisticsUnavailableException if the store cannot be read
   */
  public StatisticsReport report(int hours, @Nullable String operation) {
    writeIfPossible();
    return StatisticsReport.of(store.read(hours), hours, gathered.sampleRate(), operation);
  }

  /**
   * The jobs of all processes that ended in the last hour.
   *
   * @throws StatisticsUnavailableException if the store cannot be read
   */
  public LastHour lastHour() {
    writeIfPossible();
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
