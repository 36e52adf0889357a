package dev.longhaul.intake.flow;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much one request may ask for.
 *
 * @param maxJobs how many jobs a batch may have that is submitted in one request
 * @param maxSteps how many steps a chain may have
 */
@ConfigurationProperties("longhaul.flows.request")
public record FlowLimits(@DefaultValue("10000") int maxJobs, @DefaultValue("100") int maxSteps) {
  private static final int MOST_STEPS = 500;

  public FlowLimits {
    if (maxJobs < 1) {
      throw new IllegalArgumentException("longhaul.flows.request.max-jobs must be at least 1");
    }
    if (maxSteps < 1 || maxSteps > MOST_STEPS) {
      throw new IllegalArgumentException(
          "longhaul.flows.request.max-steps must be 1 to " + MOST_STEPS);
    }
  }
}
