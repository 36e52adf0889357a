package dev.longhaul.ops;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a run of a tool, resource, prompt or completion is reported as slow, unless {@code
 * longhaul.tools.<name>.slow-after} says it of the tool.
 *
 * @param enabled whether slow runs are reported
 * @param inlineAfter after what time a run that its request waits for is slow; also the shortest
 *     time after which an attempt of a job can be
 * @param jobFactor an attempt of a job is slow if it takes that many times its tool's average
 */
@ConfigurationProperties("longhaul.slow-operations")
record SlowOperationProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("1s") Duration inlineAfter,
    @DefaultValue("5") double jobFactor) {

  SlowOperationProperties {
    if (inlineAfter.isNegative() || inlineAfter.isZero()) {
      throw new IllegalArgumentException(
          "longhaul.slow-operations.inline-after must be positive, such as 1s, not " + inlineAfter);
    }
    if (!(jobFactor >= 1 && jobFactor <= 1_000_000)) {
      throw new IllegalArgumentException(
          "longhaul.slow-operations.job-factor must be 1 to 1000000, such as 5, not " + jobFactor);
    }
  }
}
