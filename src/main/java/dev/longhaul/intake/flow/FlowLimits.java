package dev.longhaul.intake.flow;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much one request may ask for.
 *
 * @param maxJobs how many jobs a batch may have that is submitted in one request
 * @param maxSteps how many steps a chain may have
 * @param queues which queues one may name besides those of tools, because a worker pool serves them
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
