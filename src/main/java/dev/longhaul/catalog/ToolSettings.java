package dev.longhaul.catalog;

import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.tool.CacheScope;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.TaskSupport;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one tool runs: what configuration ({@code longhaul.tools.<name>.*}) or its author ({@link
 * LonghaulTool}) says of it, in this order. What neither says is decided by what the tool's
 * description says or by the default named here.
 *
 * @param execution where its calls over MCP run: as jobs, inline, or as is decided call by call
 *     (default: queued; compute_hash and compress_data inline)
 * @param queue the named queue its jobs wait in, 1 to 100 characters (default: default)
 * @param priority {@code urgent}, {@code high}, {@code default}, {@code low} or a number from -1000
 *     to 1000 (default: default)
 * @param timeout how long one attempt may run (default: 300 s)
 * @param hold how long a call of a client without tasks is held open before its operation is handed
 *     over; zero for at once (default: {@code longhaul.mcp.hold}); {@code
 *     longhaul.mcp.clients.<name>.hold} wins over it
 * @param attempts how many attempts may start, 1 to 100 (default: 3 if repeatable, else 1)
 * @param backoff the waits between attempts, 1 to 100 of them; the last one repeats (default: 60 s,
 *     120 s, 300 s)
 * @param permanentExceptions the exceptions, with those that extend them, after which the tool is
 *     not run again, as full class names, up to 50; an empty list for none (default:
 *     java.lang.IllegalArgumentException)
 * @param repeatable whether the tool may run again after a lost worker or an exception (default:
 *     its readOnlyHint or idempotentHint)
 * @param concurrency how many of its jobs may run at once, over all workers together (default: no
 *     limit)
 * @param rate how often its jobs may start, over all workers together, such as {@code 10/s}, {@code
 *     100/m} or {@code 5/30s} (default: no limit)
 * @param cacheable whether a result may be used again for the same call (default: if {@code cache}
 *     says for how long)
 * @param cache how long a result may be used again for the same call; zero for never (default:
 *     {@code longhaul.cache.time} if the tool is cacheable, else never)
 * @param cacheScope for whom: {@code caller}, only the caller it was made for, or {@code shared},
 *     everybody (default: caller)
 * @param cacheWhen what must hold of the arguments for a result to be cached, up to 20 conditions
 *     such as {@code /year != 2026}: {@link CacheCondition} (default: nothing)
 * @param estimate how long a call takes, until there is a history of its run times: {@code auto}
 *     decides by it and {@code estimated_completion} is made of it (default: 5 s)
 * @param breakerFailures after how many failures in a row in one worker its jobs wait, 0 for never
 *     (default: 5)
 * @param breakerOpen how long they then wait until one of them tries (default: 60 s)
 * @param slowAfter after what time a run is reported as slow; zero for never (default: for an
 *     inline call {@code longhaul.slow-operations.inline-after}, for a job {@code
 *     longhaul.slow-operations.job-factor} times its average)
 * @param pollInterval how often a client is asked to poll a task of it (default: {@code
 *     longhaul.mcp.poll-interval})
 * @param taskSupport whether its calls can be MCP tasks: forbidden, optional or required (default:
 *     what its description says, else forbidden if it is inline and optional if not)
 */
public record ToolSettings(
    @Nullable Execution execution,
    @Nullable String queue,
    @Nullable Priority priority,
    @Nullable Duration timeout,
    @Nullable Duration hold,
    @Nullable Integer attempts,
    @Nullable List<Duration> backoff,
    @Nullable List<String> permanentExceptions,
    @Nullable Boolean repeatable,
    @Nullable Integer concurrency,
    @Nullable Rate rate,
    @Nullable Boolean cacheable,
    @Nullable Duration cache,
    @Nullable CacheScope cacheScope,
    @Nullable List<CacheCondition> cacheWhen,
    @Nullable Duration estimate,
    @Nullable Integer breakerFailures,
    @Nullable Duration breakerOpen,
    @Nullable Duration slowAfter,
    @Nullable Duration pollInterval,
    @Nullable TaskSupport taskSupport) {
  /** Nothing is said. */
  public static final ToolSettings NONE =
      new ToolSettings(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null);

  /** These settings, and the other ones for what these leave open. */
  ToolSettings orElse(ToolSettings other) {
    return new ToolSettings(
        execution != null ? execution : other.execution,
        queue != null ? queue : other.queue,
        priority != null ? priority : other.priority,
        timeout != null ? timeout : other.timeout,
        hold != null ? hold : other.hold,
        attempts != null ? attempts : other.attempts,
        backoff != null ? backoff : other.backoff,
        permanentExceptions != null ? permanentExceptions : other.permanentExceptions,
        repeatable != null ? repeatable : other.repeatable,
        concurrency != null ? concurrency : other.concurrency,
        rate != null ? rate : other.rate,
        cacheable != null ? cacheable : other.cacheable,
        cache != null ? cache : other.cache,
        cacheScope != null ? cacheScope : other.cacheScope,
        cacheWhen != null ? cacheWhen : other.cacheWhen,
        estimate != null ? estimate : other.estimate,
        breakerFailures != null ? breakerFailures : other.breakerFailures,
        breakerOpen != null ? breakerOpen : other.breakerOpen,
        slowAfter != null ? slowAfter : other.slowAfter,
        pollInterval != null ? pollInterval : other.pollInterval,
        taskSupport != null ? taskSupport : other.taskSupport);
  }
}
