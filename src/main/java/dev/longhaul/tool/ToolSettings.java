package dev.longhaul.tool;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one tool runs, by configuration ({@code longhaul.tools.<name>.*}). What is not set is decided
 * by the tool itself or by the defaults of DECISIONS.md.
 *
 * @param execution where its calls run (default: on a worker; compute_hash and compress_data
 *     inline)
 * @param queue the named queue (default: default)
 * @param priority {@code urgent}, {@code high}, {@code default}, {@code low} or a number
 * @param timeout how long one attempt may run (default: 300 s)
 * @param attempts how many attempts may start (default: 3 if repeatable, else 1)
 * @param backoff the waits between attempts (default: 60 s, 120 s, 300 s)
 * @param repeatable whether the tool may run again after a lost worker or an exception (default:
 *     its readOnlyHint or idempotentHint)
 * @param concurrency how many of its jobs may run at once, over all workers together (default: no
 *     limit)
 * @param rate how often it may be called, over all workers together, such as {@code 10/s}, {@code
 *     100/m} or {@code 5/30s} (default: no limit)
 * @param breakerFailures after how many failures in a row in one worker its jobs wait, 0 for never
 *     (default: 5)
 * @param breakerOpen how long they then wait until one of them tries (default: 60 s)
 * @param taskSupport whether its calls can be MCP tasks: forbidden, optional or required (default:
 *     what its description says, else optional if it is queued and forbidden if not)
 */
public record ToolSettings(
    @Nullable Execution execution,
    @Nullable String queue,
    @Nullable String priority,
    @Nullable Duration timeout,
    @Nullable Integer attempts,
    @Nullable List<Duration> backoff,
    @Nullable Boolean repeatable,
    @Nullable Integer concurrency,
    @Nullable String rate,
    @Nullable Integer breakerFailures,
    @Nullable Duration breakerOpen,
    @Nullable TaskSupport taskSupport) {
  public static final ToolSettings NONE =
      new ToolSettings(null, null, null, null, null, null, null, null, null, null, null, null);

  /** These settings, and the other ones for what these leave open. */
  ToolSettings orElse(ToolSettings other) {
    return new ToolSettings(
        execution != null ? execution : other.execution,
        queue != null ? queue : other.queue,
        priority != null ? priority : other.priority,
        timeout != null ? timeout : other.timeout,
        attempts != null ? attempts : other.attempts,
        backoff != null ? backoff : other.backoff,
        repeatable != null ? repeatable : other.repeatable,
        concurrency != null ? concurrency : other.concurrency,
        rate != null ? rate : other.rate,
        breakerFailures != null ? breakerFailures : other.breakerFailures,
        breakerOpen != null ? breakerOpen : other.breakerOpen,
        taskSupport != null ? taskSupport : other.taskSupport);
  }
}
