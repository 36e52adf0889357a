package dev.longhaul.ops.statistics;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/statistics}: what operations did in the last hours. Not exposed unless {@code
 * management.endpoints.web.exposure.include} names it.
 */
@Endpoint(id = "statistics")
public final class StatisticsEndpoint {
  private final Statistics statistics;

  StatisticsEndpoint(Statistics statistics) {
    this.statistics = statistics;
  }

  /**
   * The statistics of all processes.
   *
   * @param operation only the operation with this name, such as {@code tools/call echo}
   * @param hours how many hours, 1 to 24
   */
  @ReadOperation
  public WebEndpointResponse<?> statistics(@Nullable String operation, @Nullable Integer hours) {
    int wanted = Objects.requireNonNullElse(hours, Statistics.HOURS);
    if (wanted < 1 || wanted > Statistics.HOURS) {
      return new WebEndpointResponse<>("hours must be 1 to " + Statistics.HOURS, 400);
    }
    try {
      return new WebEndpointResponse<>(statistics.report(wanted, operation));
    } catch (StatisticsUnavailableException e) {
      return new WebEndpointResponse<>(e.getMessage(), 503);
    }
  }
}
