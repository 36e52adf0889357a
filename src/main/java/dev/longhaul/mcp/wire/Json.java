package dev.longhaul.mcp.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON for the wire: plain trees, none of the host application's Jackson settings. */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** UTF-8 on one line, as an SSE data field needs it. */
  public static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  public static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** Parses what this server stored itself. */
  public static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  /** Parses an object this server stored itself. */
  public static ObjectNode object(String json) {
    return (ObjectNode) MAPPER.readTree(json);
  }
}
