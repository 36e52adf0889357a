package dev.longhaul.tool;

import dev.longhaul.job.RequestContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The context of a running tool call, in addition to Spring AI's context: its data, progress,
 * partial results, questions and cancellation. It works the same inline and in a worker.
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
   * @throws IllegalStateException if the thread serves none; wrap the tasks of your own threads
   *     with {@link #wrap}
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

  /** Wraps a task so that it runs with this thread's context in any thread. */
  static Runnable wrap(Runnable task) {
    return CurrentCall.wrap(task);
  }

  /** Wraps a task so that it runs with this thread's context in any thread. */
  static <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    return CurrentCall.wrap(task);
  }

  /**
   * The job's id: the same for every attempt, so it can be used as an idempotency key for other
   * services.
   */
  String id();

  /** The name of the tool that runs, or the method where it is not a tool; may be empty. */
  default String tool() {
    return "";
  }

  /** The number of this attempt, counted from 1. */
  int attempt();

  /** The name of the caller. */
  String caller();

  /** The client of the call. */
  Client client();

  /**
   * The request that the call came with: its id, the OAuth client, the language the caller prefers,
   * and the job whose tool submitted this one. {@link RequestContext#NONE} if nothing is known.
   */
  default RequestContext request() {
    return RequestContext.NONE;
  }

  /** The request context for jobs that the tool submits; it is bound to the tool's thread. */
  default RequestContext inside() {
    return request();
  }

  /**
   * Asks the client questions and waits for all answers. In a worker the job is {@code
   * input_required} meanwhile, its time-out is paused and its slot is free; a later attempt gets
   * the existing answers at once. On 2026-07-28 this method ends an inline tool with an exception,
   * which must not be caught, and the tool runs again with the answers: ask before doing anything
   * that must not be repeated.
   *
   * @return the client's answers, in the order of the questions; for an elicitation an object with
   *     {@code action} ({@code accept}, {@code decline} or {@code cancel}) and {@code content}
   * @throws ToolRefusedException if the client has not declared the capability
   * @throws JobStoppedException if the call is cancelled, or its questions are not answered in time
   *     ({@code longhaul.worker.input-ttl}) and cannot be answered with a cancel
   */
  List<JsonNode> ask(List<Question> questions);

  /** When this attempt times out. */
  Instant deadline();

  /** The elapsed and remaining time of this attempt. */
  Timing timing();

  /** Whether the call was cancelled or has timed out; the thread is interrupted as well. */
  boolean cancelled();

  /**
   * Reports progress.
   *
   * @param fraction 0 to 1; progress never decreases, so a lower one changes only the message
   * @param message a description of the current step, or null
   */
  void progress(double fraction, @Nullable String message);

  /**
   * Reports a partial result, which the caller gets if the call is cancelled or times out. Only the
   * last one is stored; it is serialised immediately, so the object may change afterwards. In a
   * {@link ToolAnswer} the timing and a warning that it is partial are added.
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
   * Stops the tool here if the call was cancelled or has timed out; else begins a step, which lasts
   * until the next checkpoint or the end. How often steps of each name began, and how long they
   * took together, is kept with the job and in the hourly statistics. In a loop give the same name
   * each time: 50 names of 64 characters are kept, steps with others are added up as {@code other}.
   *
   * @param name the step that begins, such as {@code reading}
   * @throws JobStoppedException if the call was cancelled or has timed out
   */
  void checkpoint(String name);

  /**
   * Closes the client's connection while the call continues, so that a long wait occupies none. A
   * client that can resume the stream (MCP 2025-11-25, Last-Event-ID) gets the rest then; for other
   * clients, and for tools that do not run inline, this has no effect.
   */
  default void closeStream() {}
}
