package dev.longhaul.catalog;

import dev.longhaul.tool.JobContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The way from a running tool back to its caller, as a handler needs it. */
public interface CallContext extends JobContext {

  /**
   * Reports progress in the tool's own numbers (MCP's notifications/progress).
   *
   * @param progress how much is done
   * @param total how much there is, or null if unknown: then no fraction can be shown and the
   *     numbers go into the message
   */
  void progress(double progress, @Nullable Double total, @Nullable String message);

  /**
   * Says something for the client's log.
   *
   * @param level a level of MCP's logging utility, such as {@code info}
   * @param data any JSON value
   */
  void log(String level, @Nullable String logger, JsonNode data);

  /** The same for a plain text. */
  default void log(String level, @Nullable String logger, String text) {
    log(level, logger, JsonNodeFactory.instance.stringNode(text));
  }
}
