package dev.longhaul.tool;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a tool can know and say of the call it is serving, beyond what Spring AI's context offers.
 * It works the same inline and in a worker.
 *
 * <pre>{@code
 * JobContext job = JobContext.current();
 * for (Row row : rows) {
 *   job.checkpoint("reading");             // throws if the call was cancelled or timed out
 *   total.add(row);
 *   job.partial(total, row.number(), rowCount);
 * }
 * }</pre>
 */
public interface JobContext {

  /**
   * The context of the call that the current thread serves.
   *
   * @throws IllegalStateException if the thread serves none; in a thread of your own, start it with
   *     {@link #wrap}
   */
  static JobContext current() {
    return find()
        .orElseThrow(() ->
            new IllegalStateException(
                "No tool call is running in this thread. Wrap the task with"
                    + " JobContext.wrap(…) before you hand it to another thread."));
  }

  /** The context of the call that the current thread serves, if it serves one. */
  static Optional<JobContext> find() {
    return CurrentCall.find();
  }

  /** The same task, carrying this thread's context into whichever thread runs it. */
  static Runnable wrap(Runnable task) {
    return CurrentCall.wrap(task);
  }

  /** The same task, carrying this thread's context into whichever thread runs it. */
  static <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    return CurrentCall.wrap(task);
  }

  /** The job's id: the same on every attempt, so it serves as the tool's own idempotency key. */
  String id();

  /** Which attempt this is, counted from 1. */
  int attempt();

  /** Who called. */
  String caller();

  /** When this attempt's time runs out. */
  Instant deadline();

  /** Whether the call was cancelled or its time ran out; the thread is interrupted as well. */
  boolean cancelled();

  /**
   * Reports how far the work is.
   *
   * @param fraction 0 to 1; reports never go back, a lower one changes only the message
   * @param message what is being done, or null
   */
  void progress(double fraction, @Nullable String message);

  /**
   * Keeps what has been produced so far; the caller gets it if the call is cancelled or times out.
   * Only the last one is kept; it is serialised now, so the object may change afterwards.
   *
   * @param value anything Jackson can write
   */
  void partial(Object value);

  /**
   * Like {@link #partial(Object)}, with counts.
   *
   * @param processed how many items are in it
   * @param total how many there will be, or null if unknown
   */
  void partial(Object value, long processed, @Nullable Long total);

  /**
   * A place where the tool can be stopped.
   *
   * @param name where the tool is, for the logs
   * @throws JobStoppedException if the call was cancelled or its time ran out
   */
  void checkpoint(String name);
}
