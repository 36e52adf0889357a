package dev.longhaul.ops.health;

import dev.longhaul.ops.statistics.StatisticsStore.LastHour;
import dev.longhaul.queue.QueueDepths;
import org.jspecify.annotations.Nullable;

/**
 * The figures by which health is decided; times are in seconds.
 *
 * @param queueSize how many jobs wait, those that are held back included; null if Redis cannot be
 *     read
 * @param failedJobs how many of the jobs that ended in the last 60 minutes failed or ended with
 *     isError; null if Redis cannot be read
 * @param averageProcessingTime how long the last attempts of these jobs ran on average; null if
 *     none ended
 * @param successRate which part of these jobs succeeded, 0 to 1; null if none ended
 * @param oldestPendingJob how long the oldest waiting job has waited, an estimate where more than
 *     100 callers wait in a band; null if none waits
 */
public record HealthFigures(
    @Nullable Long queueSize,
    @Nullable Long failedJobs,
    @Nullable Double averageProcessingTime,
    @Nullable Double successRate,
    @Nullable Double oldestPendingJob) {
  /** What is known while Redis cannot be read. */
  static final HealthFigures UNKNOWN = new HealthFigures(null, null, null, null, null);

  static HealthFigures of(QueueDepths depths, LastHour hour) {
    long waiting = depths.allWaiting() + depths.heldBack();
    return new HealthFigures(
        waiting,
        hour.failures(),
        hour.timed() == 0 ? null : rounded(hour.micros() / 1e6 / hour.timed()),
        hour.count() == 0 ? null : rounded(1 - (double) hour.failures() / hour.count()),
        waiting == 0 ? null : rounded(depths.oldestWaiting().toMillis() / 1e3));
  }

  private static double rounded(double number) {
    return Math.round(number * 1e6) / 1e6;
  }

  /** Whether all are within the thresholds; unknown ones are not. */
  boolean within(HealthProperties thresholds) {
    return queueSize != null
        && queueSize <= thresholds.maxQueueSize()
        && (successRate == null || successRate >= thresholds.minSuccessRate())
        && (oldestPendingJob == null
            || oldestPendingJob <= thresholds.maxPendingTime().toMillis() / 1e3);
  }
}
