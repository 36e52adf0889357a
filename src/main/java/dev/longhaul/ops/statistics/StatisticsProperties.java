package dev.longhaul.ops.statistics;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The hourly statistics.
 *
 * @param enabled whether statistics are kept; without them {@code /api/v1/statistics} is empty, and
 *     {@code /api/v1/health} knows of no jobs that ended
 * @param sampleRate which part of the calls is measured for times and memory, 0 to 1; calls and
 *     failures are always counted
 */
@ConfigurationProperties("longhaul.statistics")
public record StatisticsProperties(
    @DefaultValue("true") boolean enabled, @DefaultValue("1") double sampleRate) {

  public StatisticsProperties {
    if (!(sampleRate >= 0 && sampleRate <= 1)) {
      throw new IllegalArgumentException(
          "longhaul.statistics.sample-rate must be 0 to 1, such as 0.1 for every tenth call, not "
              + sampleRate);
    }
  }
}
