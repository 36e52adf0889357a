package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.delivery.LogFeed;
import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Client;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request of 2026-07-28 that has passed the checks of {@link Envelope}.
 *
 * @param meta the params' {@code _meta}
 * @param capabilities the client's capabilities, which are declared with every request
 */
public record ModernRequest(
    Exchange exchange, Message.Request message, ObjectNode meta, ObjectNode capabilities) {
  /** The tasks extension's identifier. */
  public static final String TASKS = "io.modelcontextprotocol/tasks";

  private static final String PREFIX = "io.modelcontextprotocol/";

  public ObjectNode params() {
    return message.params();
  }

  public JsonNode id() {
    return message.id();
  }

  public boolean declaresTasks() {
    return capabilities.path("extensions").has(TASKS);
  }

  /**
   * The client as declared with this request.
   *
   * @throws RpcException {@code INVALID_PARAMS} if its log level is unknown
   */
  public Client client() {
    JsonNode info = meta.path(PREFIX + "clientInfo");
    String name = info.path("name").stringValue(null);
    return new Client(
        Envelope.VERSION,
        capabilities,
        name == null ? product() : name,
        info.path("version").stringValue(null),
        logLevel(),
        message.trace());
  }

  // The MCP Java SDK sends no name on this revision unless its user sets one; the time-out of such
  // clients is known by the User-Agent of their HTTP client.
  private @Nullable String product() {
    String userAgent = exchange.header("User-Agent");
    if (userAgent == null || userAgent.isEmpty()) {
      return null;
    }
    int end = userAgent.indexOf('/');
    return end < 0 ? userAgent : userAgent.substring(0, end);
  }

  private @Nullable String logLevel() {
    JsonNode level = meta.get(PREFIX + "logLevel");
    if (level == null || level.isNull()) {
      return null;
    }
    if (!LogFeed.LEVELS.contains(level.stringValue(""))) {
      throw RpcException.invalidParams(
          "_meta[\"" + PREFIX + "logLevel\"] must be one of " + LogFeed.LEVELS + ".");
    }
    return level.asString();
  }
}
