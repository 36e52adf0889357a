package dev.longhaul.tool;

import dev.longhaul.job.RequestContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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

  /** What the client of the call said of itself. */
  Client client();

  /**
   * The request that the call came with: its id, the OAuth client, the language the caller prefers,
   * and the job whose tool submitted this one. {@link RequestContext#NONE} where nobody said.
   */
  default RequestContext request() {
    return RequestContext.NONE;
  }

  /** What is submitted while the tool runs belongs to; it is bound to the tool's thread. */
  default RequestContext inside() {
    return request();
  }

  /**
   * Asks the client, and waits for all the answers. On a worker the job is {@code input_required}
   * meanwhile, its time stands still and its slot is free; after a lost worker the answers given so
   * far are there at once. An inline tool called on 2026-07-28 is left here by an exception, which
   * must pass, and run again when the answers are known: ask before anything is done that may not
   * be done twice.
   *
   * @return the client's results, in the order of the questions; for an elicitation an object with
   *     {@code action} ({@code accept}, {@code decline} or {@code cancel}) and {@code content}
   * @throws ToolRefusedException if the client did not declare that it can be asked this
   * @throws JobStoppedException if the call is cancelled, or its questions are not answered in time
   *     ({@code longhaul.worker.input-ttl}) and cannot be answered with a cancel
   */
  List<JsonNode> ask(List<Question> questions);

  /** When this attempt's time runs out. */
  Instant deadline();

  /** How this attempt stands with its time now. */
  Timing timing();

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
   * Only the last one is kept; it is serialised now, so the object may change afterwards. A {@link
   * ToolAnswer} gets the timing and the warning that it is partial.
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

  /**
   * Lets go of the client's connection while the call goes on, so that a long wait ties up none. A
   * client that can come back for the rest (MCP 2025-11-25, Last-Event-ID) gets it then; for every
   * other client, and for a tool that does not run inline, nothing happens.
   */
  default void closeStream() {}
}
