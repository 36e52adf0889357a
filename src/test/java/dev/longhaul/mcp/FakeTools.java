package dev.longhaul.mcp;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.schema.Violation;
import dev.longhaul.tool.Execution;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Tools whose calls are handled by {@link FakeIntake}. */
final class FakeTools implements ToolCatalogue {
  private static final List<Tool> TOOLS =
      List.of(
          tool("inline_echo", Execution.INLINE, "{\"type\":\"object\"}", null),
          tool("quick", Execution.QUEUED, "{\"type\":\"object\"}", null),
          tool("slow", Execution.QUEUED, "{\"type\":\"object\"}", null),
          tool("full", Execution.QUEUED, "{\"type\":\"object\"}", null),
          tool(
              "typed",
              Execution.QUEUED,
              "{\"type\":\"object\"}",
              "{\"type\":\"object\",\"properties\":{\"rows\":{\"type\":\"integer\"}},"
                  + "\"required\":[\"rows\"],\"additionalProperties\":false}"),
          tool(
              "inline_mirrored",
              Execution.INLINE,
              "{\"type\":\"object\",\"properties\":{\"region\":{\"type\":\"string\","
                  + "\"x-mcp-header\":\"Region\"},\"level\":{\"type\":\"integer\","
                  + "\"x-mcp-header\":\"Level\"}}}",
              null));

  static Optional<Tool> byName(String name) {
    return TOOLS.stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  @Override
  public Optional<Tool> find(String name) {
    return byName(name);
  }

  @Override
  public Collection<Tool> all() {
    return TOOLS;
  }

  @Override
  public List<Violation> violations(Tool tool, JsonNode arguments) {
    return List.of();
  }

  static Tool tool(
      String name,
      Execution execution,
      String inputSchema,
      @org.jspecify.annotations.Nullable String outputSchema) {
    var description = Json.object("{}").put("name", name).put("description", "Does " + name);
    description.set("inputSchema", Json.tree(inputSchema));
    if (outputSchema != null) {
      description.set("outputSchema", Json.tree(outputSchema));
    }
    var policy = ToolPolicy.of(execution, Duration.ofMinutes(5)).build();
    return new Tool(description, policy, call -> Json.object("{}"));
  }
}
