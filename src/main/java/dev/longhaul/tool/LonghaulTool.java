package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Settings for a tool's calls, in addition to Spring AI's {@code @McpTool} on the same method:
 *
 * <pre>{@code
 * @McpTool(name = "build_report", description = "Builds the yearly report.")
 * @LonghaulTool(queue = "reports", timeout = "10m", concurrency = 2, estimate = "90s")
 * Report build(int year) { … }
 * }</pre>
 *
 * <p>All attributes are optional, and the configuration {@code longhaul.tools.<name>.*} overrides
 * them; {@link dev.longhaul.catalog.ToolSettings} documents their meaning and defaults. Most are
 * arrays only to be optional: give one value, without braces. Durations are written like {@code
 * 90s}, {@code 10m} or {@code PT1H30M}. An invalid value stops the start with the names of the tool
 * and the attribute.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface LonghaulTool {

  /** Where its calls run. */
  Execution[] execution() default {};

  /** The queue of its jobs. */
  String queue() default "";

  /** {@code urgent}, {@code high}, {@code default}, {@code low} or a number. */
  String priority() default "";

  /** How long one attempt may run, such as {@code 10m}. */
  String timeout() default "";

  /** How long a call is held open before its operation is handed over, such as {@code 20s}. */
  String hold() default "";

  /** How many attempts may start, 1 to 100. */
  int[] attempts() default {};

  /** The waits between attempts, such as {@code {"5s", "1m"}}; the last one repeats. */
  String[] backoff() default {};

  /**
   * The exceptions, with their subclasses, after which it is not retried, instead of the default
   * {@link IllegalArgumentException}. {@link PermanentFailureException} is always included; listed
   * alone it makes all other exceptions retryable.
   */
  Class<? extends Throwable>[] permanentExceptions() default {};

  /** Whether it may be retried after a lost worker or an exception. */
  boolean[] repeatable() default {};

  /** How many of its jobs may run at once, over all workers together. */
  int[] concurrency() default {};

  /** How often its jobs may start, over all workers together, such as {@code 10/s}. */
  String rate() default "";

  /** Whether a result may be used again for the same call, for the general time. */
  boolean[] cacheable() default {};

  /** How long a result may be used again for the same call, such as {@code 5m}. */
  String cache() default "";

  /** Who may use a cached result: only the caller whose call produced it, or all callers. */
  CacheScope[] cacheScope() default {};

  /**
   * The conditions on the arguments under which a result is cached, such as {@code "/year !=
   * 2026"}.
   */
  String[] cacheWhen() default {};

  /** The estimated run time of a call, such as {@code 90s}. */
  String estimate() default "";

  /** After how many consecutive failures in one worker the circuit breaker opens; 0 for never. */
  int[] breakerFailures() default {};

  /** How long its jobs then wait until one of them probes the tool. */
  String breakerOpen() default "";

  /** After what time a run is reported as slow, such as {@code 5s}; {@code 0s} for never. */
  String slowAfter() default "";

  /** How often a client is asked to poll a task of it, such as {@code 30s}. */
  String pollInterval() default "";

  /** Whether its calls can be MCP tasks. */
  TaskSupport[] taskSupport() default {};
}
