package dev.longhaul.tool;

import dev.longhaul.job.Limits;
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
 * @param limits how many of its jobs may run at once and how often it may be called, over the whole
 *     installation; never says anything of callers
 * @param breaker when its jobs wait because it fails
 * @param taskSupport whether its calls can be tasks
 */
public record ToolPolicy(
    Execution execution,
    String queue,
    Priority priority,
    Duration timeout,
    RetryPolicy retry,
    boolean internal,
    Limits limits,
    BreakerPolicy breaker,
    TaskSupport taskSupport) {
  public static final String DEFAULT_QUEUE = "default";

  /** A tool without limits. */
  public ToolPolicy(
      Execution execution,
      String queue,
      Priority priority,
      Duration timeout,
      RetryPolicy retry,
      boolean internal) {
    this(
        execution,
        queue,
        priority,
        timeout,
        retry,
        internal,
        Limits.NONE,
        BreakerPolicy.DEFAULT,
        execution == Execution.QUEUED ? TaskSupport.OPTIONAL : TaskSupport.FORBIDDEN);
  }
}
