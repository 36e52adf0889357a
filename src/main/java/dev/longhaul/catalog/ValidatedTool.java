package dev.longhaul.catalog;

import dev.longhaul.schema.CompiledSchema;
import dev.longhaul.schema.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Validates the results of a tool: structured content must conform to the output schema, and values
 * that older clients cannot read are repeated as text (server/tools.mdx, Structured Content and
 * Output Schema).
 *
 * @param schema the tool's output schema, or null if it has none
 */
record ValidatedTool(String name, ToolHandler tool, @Nullable CompiledSchema schema)
    implements ToolHandler {
  private static final int NAMED_VIOLATIONS = 5;

  @Override
  public ObjectNode call(ToolCall call) throws Exception {
    ObjectNode result = tool.call(call);
    if (result.path("isError").asBoolean(false)) {
      return result;
    }
    JsonNode structured = result.path("structuredContent");
    boolean given = !structured.isMissingNode() && !structured.isNull();
    if (schema != null) {
      List<Violation> violations =
          given
              ? schema.violations(structured)
              : List.of(new Violation("", "structuredContent is missing"));
      if (!violations.isEmpty()) {
        throw new InvalidOutputException(message(violations));
      }
    }
    // A client of an earlier revision can get only objects as structured content, so it needs the
    // text.
    if (given && !structured.isObject() && !repeats(result.path("content"), structured)) {
      content(result).insertObject(0).put("type", "text").put("text", structured.toString());
    }
    return result;
  }

  @Override
  public boolean resumes() {
    return tool.resumes();
  }

  @Override
  public boolean runsHere() {
    return tool.runsHere();
  }

  private String message(List<Violation> violations) {
    StringBuilder text = new StringBuilder("The result of the tool ").append(name);
    text.append(" violates its own output schema and is withheld:");
    violations.stream()
        .limit(NAMED_VIOLATIONS)
        .forEach(violation ->
            text.append("\n- ")
                .append(violation.path().isEmpty() ? "" : violation.path() + ": ")
                .append(violation.message()));
    int more = violations.size() - NAMED_VIOLATIONS;
    return more > 0
        ? text.append("\n- and ").append(more).append(" more").toString()
        : text.toString();
  }

  private static boolean repeats(JsonNode content, JsonNode structured) {
    String json = structured.toString();
    String plain = structured.isValueNode() ? structured.asString() : json;
    return content
        .valueStream()
        .map(item -> item.path("text").stringValue(""))
        .anyMatch(text -> text.equals(json) || text.equals(plain));
  }

  private static ArrayNode content(ObjectNode result) {
    if (result.get("content") instanceof ArrayNode content) {
      return content;
    }
    ArrayNode content = JsonNodeFactory.instance.arrayNode();
    result.set("content", content);
    return content;
  }
}
