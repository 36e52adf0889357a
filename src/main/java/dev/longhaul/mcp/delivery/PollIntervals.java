package dev.longhaul.mcp.delivery;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.job.Job;
import java.time.Duration;
import java.util.Objects;

/** How often a client is asked to poll a task: by its tool's policy, else the general setting. */
public record PollIntervals(ToolCatalogue tools, Duration usual) {

  /** The poll interval for one job. */
  public Duration of(Job job) {
    return job.tool() == null
        ? usual
        : tools
            .runnable(job.tool())
            .map(tool -> Objects.requireNonNullElse(tool.policy().times().pollInterval(), usual))
            .orElse(usual);
  }
}
