package dev.longhaul.tool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a tool's calls run, beside Spring AI's {@code @McpTool} on the same method:
 *
 * <pre>{@code
 * @McpTool(name = "build_report", description = "Builds the yearly report.")
 * @LonghaulTool(queue = "reports", timeout = "10m", concurrency = 2, estimate = "90s")
 * Report build(int year) { … }
 * }</pre>
 *
 * <p>Every attribute can be left out, and {@code longhaul.tools.<name>.*} wins over each of them;
 * {@link dev.longhaul.catalog.ToolSettings} says what they mean and what holds without them. Most
 * are arrays only so that they can be left out: give one value, without braces. Durations are
 * written like {@code 90s}, {@code 10m} or {@code PT1H30M}. A value that makes no sense stops the
 * start with the names of the tool and the attribute.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface LonghaulTool {

  /** Where its calls run. */
  Execution[] execution() default {};

  /** The named queue its jobs wait in. */
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
   * The exceptions, with those that extend them, after which it is not run again; they take the
   * place of {@link IllegalArgumentException}. {@link PermanentFailureException} always is one, and
   * named alone it makes every other exception worth another attempt.
   */
  Class<? extends Throwable>[] permanentExceptions() default {};

  /** Whether it may run again after a lost worker or an exception. */
  boolean[] repeatable() default {};

  /** How many of its jobs may run at once, over all workers together. */
  int[] concurrency() default {};

  /** How often its jobs may start, over all workers together, such as {@code 10/s}. */
  String rate() default "";

  /** Whether a result may be used again for the same call, for the general time. */
  boolean[] cacheable() default {};

  /** How long a result may be used again for the same call, such as {@code 5m}. */
  String cache() default "";

  /** To whom: only to the caller it was made for, or to everybody. */
  CacheScope[] cacheScope() default {};

  /** What must hold of the arguments for a result to be cached, such as {@code "/year != 2026"}. */
  String[] cacheWhen() default {};

  /** How long a call takes as far as its author knows, such as {@code 90s}. */
  String estimate() default "";

  /** After how many failures in a row in one worker its jobs wait; 0 for never. */
  int[] breakerFailures() default {};

  /** How long they then wait until one of them tries. */
  String breakerOpen() default "";

  /** How often a client is asked to poll a task of it, such as {@code 30s}. */
  String pollInterval() default "";

  /** Whether its calls can be MCP tasks. */
  TaskSupport[] taskSupport() default {};
}
