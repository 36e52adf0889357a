package dev.longhaul.mcp.delivery;

import dev.longhaul.mcp.wire.Json;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of {@link OperationView}, and the extension of a tool's output schema by it.
 * Clients check structured content against the schema in tools/list, and a call that is handed over
 * or whose result is too large returns an operation
 * (docs/decisions/0001-hand-over-and-output-schema.md).
 */
public final class OperationSchema {
  // As short as possible, since tools/list repeats it for every such tool: just enough to
  // distinguish an operation from a tool's result.
  private static final String OPERATION =
      """
      {"type": "object",
       "properties": {"operation_id": {"type": "string"}, "next": {"type": "object"}},
       "required": ["operation_id", "next"]}
      """;

  /** The fields of an operation, of a truncated result, and of the notices about them. */
  private static final Set<String> FIELDS =
      Set.of(
          "operation_id",
          "tool",
          "method",
          "status",
          "progress",
          "message",
          "waiting",
          "attempt",
          "attempts",
          "checkpoints",
          "created_at",
          "due_at",
          "started_at",
          "finished_at",
          "estimated_completion",
          "status_url",
          "error",
          "next",
          "partial",
          "result",
          "result_uri",
          "result_size",
          "text",
          "notice");

  /** The keywords of a schema that constrains nothing but the types of its properties. */
  private static final Set<String> LENIENT =
      Set.of("$schema", "$defs", "definitions", "type", "title", "description", "properties");

  private OperationSchema() {}

  /** The schema of an operation. */
  public static ObjectNode operation() {
    return Json.object(OPERATION);
  }

  /**
   * A schema that accepts both the tool's own results and operations.
   *
   * @param own the tool's output schema
   * @return empty if its references would change their meaning; the tool is then listed without an
   *     output schema
   */
  public static Optional<ObjectNode> widened(ObjectNode own) {
    if (own.has("$id") || own.has("$anchor") || own.has("$dynamicAnchor")) {
      return Optional.empty();
    }
    ObjectNode branch = own.deepCopy();
    ObjectNode wide = Json.object("{}");
    // References are resolved from the root, so their targets must stay there.
    for (String keyword : new String[] {"$schema", "$defs", "definitions"}) {
      JsonNode value = branch.remove(keyword);
      if (value != null) {
        wide.set(keyword, value);
      }
    }
    if (!referencesStay(branch) || !referencesStay(wide)) {
      return Optional.empty();
    }
    if (takesOperations(own)) {
      // An operation is valid already; adding its properties is shorter than a union, and clients
      // that generate types from the schema get no union type.
      ObjectNode more = own.deepCopy();
      ((ObjectNode) more.path("properties")).setAll((ObjectNode) operation().path("properties"));
      return Optional.of(more);
    }
    // Earlier revisions require type object at the root.
    if ("object".equals(branch.path("type").stringValue(null))) {
      wide.put("type", "object");
    }
    wide.putArray("anyOf")
        .add(branch)
        .add(operation().put("description", "An operation: go on with next."));
    return Optional.of(wide);
  }

  private static boolean takesOperations(ObjectNode own) {
    return "object".equals(own.path("type").stringValue(""))
        && own.path("properties").isObject()
        && LENIENT.containsAll(own.propertyNames())
        && own.path("properties").propertyNames().stream().noneMatch(FIELDS::contains);
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
