package dev.longhaul.catalog;

import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.TaskSupport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a tool's calls run unless a request says otherwise: {@link ToolSettings} with every default
 * filled in.
 *
 * @param execution inline, queued, or decided call by call
 * @param queue the named queue its jobs wait in
 * @param priority its jobs' priority
 * @param timeout how long one attempt may run
 * @param retry attempts, backoff and repeatability
 * @param internal runs in the front door itself, never queued, and is not offered over REST: the
 *     operation tools
 * @param limits how many of its jobs may run at once and how often they may start, over the whole
 *     installation; never says anything of callers
 * @param breaker when its jobs wait because it fails
 * @param taskSupport whether its calls can be tasks
 * @param times how long a call is held open, an answer is kept, and a call may be expected to take
 * @param permanent the exceptions after which a job of it is not tried again
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

  /** The queue of tools that compute. */
  public static final String CPU_QUEUE = "cpu";

  /**
   * The times of a tool that its callers notice.
   *
   * @param hold how long a call of a client without tasks is held open before its operation is
   *     handed over; null for the general setting
   * @param cache how long an answer may be given again to the same call; null for never
   * @param estimate how long a call takes, until there is a history of its run times
   * @param cacheRules which answers may be given again, and to whom
   * @param pollInterval how often a client is asked to poll a task of it; null for the general
   *     setting
   */
  public record Times(
      @Nullable Duration hold,
      @Nullable Duration cache,
      Duration estimate,
      CacheRules cacheRules,
      @Nullable Duration pollInterval) {
    /** Held as any call, never cached, five seconds. */
    public static final Times DEFAULT = new Times(null, null, Duration.ofSeconds(5));

    /** What is cached is cached for its caller. */
    public Times(@Nullable Duration hold, @Nullable Duration cache, Duration estimate) {
      this(hold, cache, estimate, CacheRules.DEFAULT, null);
    }
  }

  /** Begins a policy in which all that is not said is the default. */
  public static Builder of(Execution execution, Duration timeout) {
    return new Builder(execution, timeout);
  }

  /** Begins a policy like this one. */
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

  /** How long an answer may be given again to the same call, or null for never. */
  public @Nullable Duration cache() {
    return times.cache();
  }

  /** Which answers may be given again, and to whom. */
  public CacheRules cacheRules() {
    return times.cacheRules();
  }

  /** How long a call takes as far as is known without a history. */
  public Duration estimate() {
    return times.estimate();
  }

  /** A policy that is being put together: see the components of {@link ToolPolicy}. */
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
