package dev.longhaul.mcp.delivery;

import dev.longhaul.mcp.wire.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of {@link OperationView}, and how a tool's own output schema is widened by it:
 * clients check structured content against what tools/list declared, and a call that is handed
 * over, or whose result is too large, answers with an operation
 * (docs/decisions/0001-hand-over-and-output-schema.md).
 */
public final class OperationSchema {
  // No more than tells an operation from a tool's own result: it stands in every such tool's entry
  // of tools/list, and what an operation is, its text says.
  private static final String OPERATION =
      """
      {"type": "object",
       "description": "The call goes on as an operation, or its result is to be read in pages.",
       "properties": {"operation_id": {"type": "string"}, "status": {"type": "string"},
         "status_url": {"type": "string"},
         "next": {"type": "object", "properties": {"tool": {"type": "string"},
           "arguments": {"type": "object"}}, "required": ["tool", "arguments"]}},
       "required": ["operation_id", "status", "status_url", "next"]}
      """;

  private OperationSchema() {}

  /** The schema of an operation. */
  public static ObjectNode operation() {
    return Json.object(OPERATION);
  }

  /**
   * A schema that holds for the tool's own results and for operations alike.
   *
   * @param own the tool's output schema
   * @return empty if it cannot be widened without changing what its references mean; then the tool
   *     is better listed without one
   */
  public static Optional<ObjectNode> widened(ObjectNode own) {
    if (own.has("$id") || own.has("$anchor") || own.has("$dynamicAnchor")) {
      return Optional.empty();
    }
    ObjectNode branch = own.deepCopy();
    ObjectNode wide = Json.object("{}");
    // References are resolved from the root, so what they can name stays there.
    for (String keyword : new String[] {"$schema", "$defs", "definitions"}) {
      JsonNode value = branch.remove(keyword);
      if (value != null) {
        wide.set(keyword, value);
      }
    }
    if (!referencesStay(branch) || !referencesStay(wide)) {
      return Optional.empty();
    }
    // Earlier revisions demand type object at the root.
    if ("object".equals(branch.path("type").stringValue(null))) {
      wide.put("type", "object");
    }
    wide.putArray("anyOf").add(branch).add(operation());
    return Optional.of(wide);
  }

  private static boolean referencesStay(JsonNode node) {
    JsonNode ref = node.get("$ref");
    if (node.has("$dynamicRef") || node.has("$recursiveRef")) {
      return false;
    }
    if (ref != null && ref.isString()) {
      String target = ref.asString();
      if (!target.startsWith("#/$defs/") && !target.startsWith("#/definitions/")) {
        return false;
      }
    }
    for (JsonNode child : node) {
      if (child.isContainer() && !referencesStay(child)) {
        return false;
      }
    }
    return true;
  }
}
