package dev.longhaul.mcp.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes JSON trees, independent of the host application's Jackson settings. */
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

  /** Parses JSON that this server has written itself. */
  public static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  /** Parses an object that this server has written itself. */
  public static ObjectNode object(String json) {
    return (ObjectNode) MAPPER.readTree(json);
  }
}
