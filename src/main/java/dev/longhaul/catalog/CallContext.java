package dev.longhaul.catalog;

import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A {@link JobContext} that also has progress in the tool's own numbers, and log messages. */
public interface CallContext extends JobContext {

  /**
   * Reports progress in the tool's own numbers (MCP's notifications/progress).
   *
   * @param progress how much is done
   * @param total the total, or null if unknown; without it there is no fraction, and the number is
   *     added to the message
   */
  void progress(double progress, @Nullable Double total, @Nullable String message);

  /**
   * Sends a log message to the client.
   *
   * @param level a level of MCP's logging utility, such as {@code info}
   * @param data any JSON value
   */
  void log(String level, @Nullable String logger, JsonNode data);

  /**
   * Asks as {@link #ask}, also what the client of the call cannot be asked: a job then waits until
   * somebody answers over REST. A call that is no job refuses such a question.
   */
  default List<JsonNode> askAnybody(List<Question> questions) {
    return ask(questions);
  }

  /**
   * No other attempt may follow if this one runs for too long, although the job may run again if
   * its worker is lost: then a later attempt finds out how far this one has got.
   */
  default void last() {}

  /** Whether this attempt was stopped because the job goes on in another process. */
  default boolean goesOnElsewhere() {
    return false;
  }

  /** Sends a log message with a text. */
  default void log(String level, @Nullable String logger, String text) {
    log(level, logger, JsonNodeFactory.instance.stringNode(text));
  }
}
