package dev.longhaul.ops.statistics;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Keeps the statistics of all processes. The store's clock decides in which hour a sum counts. */
public interface StatisticsStore {
  /**
   * How many operations of each kind a process keeps sums of, and an hour of the store has; others
   * are added up as {@link Operation#OTHER}.
   */
  int MAX_OPERATIONS = 200;

  /**
   * Adds sums to the current hour.
   *
   * @param writer the process
   * @param ended the jobs that ended, for {@link #lastHour}
   * @param batch a number that grows with each batch of the process. A batch that was added before
   *     is ignored, so that it can be sent again if the reply was lost
   * @throws StatisticsUnavailableException if the store cannot be reached; whether the sums were
   *     added is unknown
   */
  void add(String writer, long batch, Map<Operation, Counts> sums, Counts ended);

  /**
   * Reads the current hour and those before it.
   *
   * @param hours how many
   * @throws StatisticsUnavailableException if the store cannot be reached
   */
  Recent read(int hours);

  /**
   * Reads the jobs that ended in the last 60 minutes, the current one included.
   *
   * @throws StatisticsUnavailableException if the store cannot be reached
   */
  LastHour lastHour();

  /**
   * What was read.
   *
   * @param at the time of the store
   * @param hours those with any call, the latest first
   */
  record Recent(Instant at, List<Hour> hours) {
    public Recent {
      hours = List.copyOf(hours);
    }
  }

  /**
   * The operations of an hour.
   *
   * @param begin when it began
   */
  record Hour(Instant begin, Map<Operation, Counts> operations) {
    public Hour {
      operations = Map.copyOf(operations);
    }
  }

  /**
   * The jobs that ended in the last hour.
   *
   * @param count how many ended; cancelled ones are not counted
   * @param failures how many of them failed
   * @param timed how many of them were measured
   * @param micros how long these ran together, in microseconds
   */
  record LastHour(long count, long failures, long timed, long micros) {}
}
