package dev.longhaul.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * When a call of a tool with execution {@code auto} becomes a job.
 *
 * @param argumentSize a call of a tool with execution {@code auto} is a job if its arguments are
 *     larger, as JSON without spaces
 * @param averageTime a call of a tool with execution {@code auto} is a job if its tool takes longer
 *     on average, over all processes
 */
@ConfigurationProperties("longhaul.auto")
public record AutoProperties(
    @DefaultValue("10KB") DataSize argumentSize, @DefaultValue("5s") Duration averageTime) {

  public AutoProperties {
    if (argumentSize.toBytes() < 0) {
      throw new IllegalArgumentException(
          "longhaul.auto.argument-size must not be negative; use a size such as 10KB.");
    }
    if (averageTime.isNegative()) {
      throw new IllegalArgumentException(
          "longhaul.auto.average-time must not be negative; use a duration such as 5s.");
    }
  }
}
