package dev.longhaul.ops.health;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When {@code /api/v1/health} says unhealthy.
 *
 * @param maxQueueSize how many jobs may wait, those that are held back included
 * @param minSuccessRate which part of the jobs that ended in the last hour must have succeeded, 0
 *     to 1
 * @param maxPendingTime how long the oldest waiting job may have waited
 * @param thresholdsInActuator whether these thresholds also set the status of the component {@code
 *     queue} of {@code /actuator/health}; a platform that restarts what is down would then restart
 *     busy processes
 */
@ConfigurationProperties("longhaul.health")
public record HealthProperties(
    @DefaultValue("1000") long maxQueueSize,
    @DefaultValue("0.95") double minSuccessRate,
    @DefaultValue("300s") Duration maxPendingTime,
    @DefaultValue("false") boolean thresholdsInActuator) {

  public HealthProperties {
    if (maxQueueSize < 0) {
      throw new IllegalArgumentException(
          "longhaul.health.max-queue-size must be 0 or more, not " + maxQueueSize);
    }
    if (!(minSuccessRate >= 0 && minSuccessRate <= 1)) {
      throw new IllegalArgumentException(
          "longhaul.health.min-success-rate must be 0 to 1, such as 0.95, not " + minSuccessRate);
    }
    if (maxPendingTime.isNegative()) {
      throw new IllegalArgumentException(
          "longhaul.health.max-pending-time must not be negative, but is " + maxPendingTime);
    }
  }
}
