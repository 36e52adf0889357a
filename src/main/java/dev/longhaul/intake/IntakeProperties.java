package dev.longhaul.intake;

import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of what a caller may ask for.
 *
 * @param maxTimeout the longest time-out of one attempt that a request may ask for
 * @param retryUntil how long after submission another attempt of a job may still start
 * @param maxDelay the longest delay before a job may start
 * @param maxDeadline the longest time during which a request may let attempts start, counted from
 *     when the first one may start
 * @param maxPriority the most urgent priority that a caller may ask for, a name or a number; a
 *     tool's own may be more urgent
 * @param callerRate how often one caller may have jobs started, such as 10/s, 100/m or 5/30s; no
 *     limit without it
 * @param pollInterval how often a waiting request reads its job if no change is announced
 * @param inlineThreads how many calls of inline tools, resources, prompts and completions this
 *     process runs at once, each on a platform thread; more wait up to 10 s for a thread, and are
 *     then refused as unavailable
 */
@ConfigurationProperties("longhaul.intake")
public record IntakeProperties(
    @DefaultValue("10m") Duration maxTimeout,
    @DefaultValue("30m") Duration retryUntil,
    @DefaultValue("7d") Duration maxDelay,
    @DefaultValue("7d") Duration maxDeadline,
    @DefaultValue("1000") String maxPriority,
    @Nullable String callerRate,
    @DefaultValue("5s") Duration pollInterval,
    @DefaultValue("256") int inlineThreads) {

  public IntakeProperties {
    if (inlineThreads < 1) {
      throw new IllegalArgumentException(
          "longhaul.intake.inline-threads must be at least 1, such as 256");
    }
    if (Priority.parse(maxPriority).isEmpty()) {
      throw new IllegalArgumentException(
          "longhaul.intake.max-priority is '"
              + maxPriority
              + "'; write urgent, high, default, low, or a number from -1000 to 1000");
    }
    if (callerRate != null && Rate.parse(callerRate).isEmpty()) {
      throw new IllegalArgumentException(
          "longhaul.intake.caller-rate is '"
              + callerRate
              + "'; write calls per time, such as 10/s, 100/m or 5/30s");
    }
  }

  /** The most urgent priority that a caller may ask for. */
  Priority mostUrgent() {
    return Priority.parse(maxPriority).orElseThrow();
  }

  /** The caller's rate, or null for no limit. */
  @Nullable Rate callerLimit() {
    return callerRate == null ? null : Rate.parse(callerRate).orElseThrow();
  }
}
