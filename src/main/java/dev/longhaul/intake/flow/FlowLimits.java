package dev.longhaul.intake.flow;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of a request for a batch or chain.
 *
 * @param maxJobs how many jobs a batch may have that is submitted in one request
 * @param maxSteps how many steps a chain may have
 * @param queues queues that a request may name in addition to those of tools; a worker pool must
 *     serve them
 * @param tools whether the tools run_batch and run_chain are served
 */
@ConfigurationProperties("longhaul.flows.request")
public record FlowLimits(
    @DefaultValue("10000") int maxJobs,
    @DefaultValue("100") int maxSteps,
    @DefaultValue List<String> queues,
    @DefaultValue("true") boolean tools) {
  private static final int MOST_STEPS = 500;

  public FlowLimits {
    queues = List.copyOf(queues);
    if (maxJobs < 1) {
      throw new IllegalArgumentException("longhaul.flows.request.max-jobs must be at least 1");
    }
    if (maxSteps < 1 || maxSteps > MOST_STEPS) {
      throw new IllegalArgumentException(
          "longhaul.flows.request.max-steps must be 1 to " + MOST_STEPS);
    }
  }
}
