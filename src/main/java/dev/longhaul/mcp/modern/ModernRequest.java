package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.Exchange;
import dev.longhaul.mcp.wire.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request of 2026-07-28 whose envelope has been checked.
 *
 * @param meta the params' {@code _meta}
 * @param capabilities what the client declared on this request; nothing else counts
 */
public record ModernRequest(
    Exchange exchange, Message.Request message, ObjectNode meta, ObjectNode capabilities) {
  /** The tasks extension's identifier. */
  public static final String TASKS = "io.modelcontextprotocol/tasks";

  public ObjectNode params() {
    return message.params();
  }

  public JsonNode id() {
    return message.id();
  }

  public boolean declaresTasks() {
    return capabilities.path("extensions").has(TASKS);
  }
}
