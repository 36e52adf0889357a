package dev.longhaul.catalog;

import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.TaskSupport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a tool's calls run unless a request has other options: {@link ToolSettings} with all defaults
 * applied.
 *
 * @param execution inline, queued, or decided per call
 * @param queue the named queue its jobs wait in
 * @param priority its jobs' priority
 * @param timeout how long one attempt may run
 * @param retry attempts, backoff and repeatability
 * @param internal runs in the API process, is never queued and not offered over REST: the operation
 *     tools
 * @param limits how many of its jobs may run at once and how often they may start, in the whole
 *     installation; never has a limit per caller
 * @param breaker when its circuit breaker opens
 * @param taskSupport whether its calls can be tasks
 * @param times its hold, cache time and estimated run time
 * @param permanent the exceptions after which its jobs are not retried
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
    TaskSupport taskSupport,
    Times times,
    PermanentExceptions permanent) {
  public static final String DEFAULT_QUEUE = "default";

  /** The queue of CPU-bound tools. */
  public static final String CPU_QUEUE = "cpu";

  /**
   * The times and cache rules of a tool.
   *
   * @param hold how long a call of a client without tasks is held open before its operation is
   *     handed over; null for the general setting
   * @param cache how long results are cached; null for never
   * @param estimate the estimated run time while there are no statistics
   * @param cacheRules which results are cached, and for whom
   * @param pollInterval how often a client is asked to poll a task of it; null for the general
   *     setting
   * @param slowAfter after what time a run is reported as slow, zero for never; null for the
   *     general settings
   */
  public record Times(
      @Nullable Duration hold,
      @Nullable Duration cache,
      Duration estimate,
      CacheRules cacheRules,
      @Nullable Duration pollInterval,
      @Nullable Duration slowAfter) {
    /** The general hold, no cache, five seconds. */
    public static final Times DEFAULT = new Times(null, null, Duration.ofSeconds(5));

    /** Times with the default cache rules. */
    public Times(@Nullable Duration hold, @Nullable Duration cache, Duration estimate) {
      this(hold, cache, estimate, CacheRules.DEFAULT, null, null);
    }
  }

  /** Begins a policy with defaults. */
  public static Builder of(Execution execution, Duration timeout) {
    return new Builder(execution, timeout);
  }

  /** Begins a copy of this policy. */
  public Builder but() {
    return new Builder(execution, timeout)
        .queue(queue)
        .priority(priority)
        .retry(retry)
        .internal(internal)
        .limits(limits)
        .breaker(breaker)
        .taskSupport(taskSupport)
        .times(times)
        .permanent(permanent);
  }

  /** How long a call is held open before it is handed over, or null for the general setting. */
  public @Nullable Duration hold() {
    return times.hold();
  }

  /** How long results are cached, or null for never. */
  public @Nullable Duration cache() {
    return times.cache();
  }

  /** Which results are cached, and for whom. */
  public CacheRules cacheRules() {
    return times.cacheRules();
  }

  /** The estimated run time while there are no statistics. */
  public Duration estimate() {
    return times.estimate();
  }

  /** After what time a run is reported as slow, zero for never; null for the general settings. */
  public @Nullable Duration slowAfter() {
    return times.slowAfter();
  }

  /** Builds a policy; see the components of {@link ToolPolicy}. */
  public static final class Builder {
    private final Execution execution;
    private final Duration timeout;
    private String queue = DEFAULT_QUEUE;
    private Priority priority = Priority.DEFAULT;
    private RetryPolicy retry = RetryPolicy.once();
    private boolean internal;
    private Limits limits = Limits.NONE;
    private BreakerPolicy breaker = BreakerPolicy.DEFAULT;
    private TaskSupport taskSupport;
    private Times times = Times.DEFAULT;
    private PermanentExceptions permanent = PermanentExceptions.DEFAULT;

    private Builder(Execution execution, Duration timeout) {
      this.execution = execution;
      this.timeout = timeout;
      this.taskSupport = TaskSupport.byDefault(execution);
    }

    public Builder queue(String name) {
      queue = name;
      return this;
    }

    public Builder priority(Priority its) {
      priority = its;
      return this;
    }

    public Builder retry(RetryPolicy its) {
      retry = its;
      return this;
    }

    public Builder internal(boolean whether) {
      internal = whether;
      return this;
    }

    public Builder limits(Limits its) {
      limits = its;
      return this;
    }

    public Builder breaker(BreakerPolicy its) {
      breaker = its;
      return this;
    }

    public Builder taskSupport(TaskSupport its) {
      taskSupport = its;
      return this;
    }

    public Builder times(Times its) {
      times = its;
      return this;
    }

    public Builder permanent(PermanentExceptions its) {
      permanent = its;
      return this;
    }

    public ToolPolicy build() {
      return new ToolPolicy(
          execution,
          queue,
          priority,
          timeout,
          retry,
          internal,
          limits,
          breaker,
          taskSupport,
          times,
          permanent);
    }
  }
}
