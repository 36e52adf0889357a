package dev.longhaul.tool;

import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;

/**
 * How a tool's calls run unless a request says otherwise.
 *
 * @param execution inline or queued
 * @param queue the named queue its jobs wait in
 * @param priority its jobs' priority
 * @param timeout how long one attempt may run
 * @param retry attempts, backoff and repeatability
 * @param internal runs in the front door itself, never queued, and is not offered over REST: the
 *     operation tools
 */
public record ToolPolicy(
    Execution execution,
    String queue,
    Priority priority,
    Duration timeout,
    RetryPolicy retry,
    boolean internal) {
  public static final String DEFAULT_QUEUE = "default";
}
