package dev.longhaul.gateway.session;

import dev.longhaul.schema.HeaderValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code _meta} and the headers of a request of 2026-07-28. */
final class ModernMeta {
  static final String SERVER = "io.modelcontextprotocol/serverInfo";

  private static final String PREFIX = "io.modelcontextprotocol/";
  // Which field of params the header Mcp-Name repeats.
  private static final Map<String, String> NAMES =
      Map.of(
          "tools/call", "name",
          "prompts/get", "name",
          "resources/read", "uri",
          "tasks/get", "taskId",
          "tasks/update", "taskId",
          "tasks/cancel", "taskId");

  private ModernMeta() {}

  /**
   * The {@code _meta} of a request.
   *
   * @param token the progress token; null for no progress
   * @param tasks whether the extension for tasks is declared
   */
  static ObjectNode of(
      String version, ObjectNode client, CallFeed feed, @Nullable Long token, boolean tasks) {
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    meta.put(PREFIX + "protocolVersion", version);
    meta.set(PREFIX + "clientInfo", client);
    meta.set(PREFIX + "clientCapabilities", capabilities(feed, tasks));
    String level = feed.logLevel();
    if (level != null) {
      meta.put(PREFIX + "logLevel", level);
    }
    if (token != null) {
      meta.put("progressToken", token.longValue());
    }
    feed.trace().forEach(meta::put);
    return meta;
  }

  /** The headers of a request, without those for marked arguments of a tool. */
  static Map<String, String> headers(String version, String method, ObjectNode params) {
    Map<String, String> headers = new HashMap<>();
    headers.put("MCP-Protocol-Version", version);
    headers.put("Mcp-Method", method);
    String field = NAMES.get(method);
    JsonNode name = field == null ? null : params.get(field);
    if (name != null && name.isString()) {
      headers.put("Mcp-Name", HeaderValue.encode(name.stringValue()));
    }
    return headers;
  }

  // Extensions other than that for tasks would need something of this side.
  private static ObjectNode capabilities(CallFeed feed, boolean tasks) {
    ObjectNode capabilities = Capabilities.questions(feed.capabilities());
    if (tasks) {
      capabilities.putObject("extensions").putObject(Capabilities.TASKS);
    }
    return capabilities;
  }
}
