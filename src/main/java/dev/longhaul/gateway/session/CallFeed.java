package dev.longhaul.gateway.session;

import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a session needs from the call that it serves, and what it tells it meanwhile. */
public interface CallFeed {

  /** A feed of a request that belongs to no client, such as a look at the lists. */
  CallFeed NONE = new CallFeed() {};

  /** The client capabilities that are declared to the upstream for this call. */
  default ObjectNode capabilities() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The id of the job or request that the call belongs to; empty for none. */
  default String job() {
    return "";
  }

  /** The least severe level of log messages that the client wants; null for none. */
  default @Nullable String logLevel() {
    return null;
  }

  /** Valid {@code traceparent}, {@code tracestate} and {@code baggage} of the call. */
  default Map<String, String> trace() {
    return Map.of();
  }

  /** Gets the params of notifications/progress. */
  default void progress(ObjectNode params) {}

  /** Gets the params of notifications/message. */
  default void log(ObjectNode params) {}

  /**
   * Asks the client of the call and waits.
   *
   * @return the answers, in the order of the questions
   * @throws dev.longhaul.tool.ToolRefusedException if the client cannot be asked that: a legacy
   *     upstream gets its text as an error, a call of a modern one ends with it
   */
  default List<JsonNode> ask(List<Question> questions) throws InterruptedException {
    throw new IllegalStateException("This request has no client that could be asked.");
  }

  /** The task of the upstream that an earlier attempt of this job has begun; null for none. */
  default @Nullable String task() {
    return null;
  }

  /** The upstream made a task of the call; it is stored before it is polled. */
  default void task(String id) {}

  /** The upstream waits for an answer and runs nothing meanwhile: the call may begin anew. */
  default void waits() {}

  /** The call is sent once more, with the answer. */
  default void goesOn() {}

  /** How long the upstream should keep a task and its result, counted from now. */
  default Duration taskTtl() {
    return Duration.ofHours(1);
  }

  /** What the upstream says about the state of its task. */
  default void status(String message) {}

  /**
   * Whether an interrupt of the call means that the upstream's task has to stop. Otherwise it goes
   * on, and a later attempt follows it again.
   */
  default boolean cancelled() {
    return true;
  }
}
