package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.delivery.Dialect;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How results are written on the earlier revisions. */
public final class LegacyDialect implements Dialect {

  @Override
  public ObjectNode result(ObjectNode callToolResult) {
    return written(callToolResult);
  }

  static ObjectNode written(ObjectNode callToolResult) {
    // Their schemas allow only an object; other values are in the text.
    JsonNode structured = callToolResult.get("structuredContent");
    if (structured != null && !structured.isObject()) {
      callToolResult.remove("structuredContent");
    }
    callToolResult.remove("resultType");
    if (!callToolResult.has("content")) {
      callToolResult.putArray("content");
    }
    return callToolResult;
  }

  @Override
  public boolean disconnectCancels() {
    return false;
  }
}
