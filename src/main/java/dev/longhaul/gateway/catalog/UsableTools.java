package dev.longhaul.gateway.catalog;

import dev.longhaul.schema.MirroredParams;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the tools that no client could use. */
final class UsableTools {
  private static final int LARGEST = 256 << 10;
  private static final Set<String> VALUES = Set.of("const", "default", "enum", "examples");

  private UsableTools() {}

  /** Why no client could use the tool; empty if it can be used. */
  static Optional<String> problem(ObjectNode tool) {
    if (tool.path("name").stringValue("").isEmpty()) {
      return Optional.of("it has no name");
    }
    JsonNode input = tool.path("inputSchema");
    if (!"object".equals(input.path("type").stringValue(null))) {
      return Optional.of("the root of its inputSchema has not the type object");
    }
    JsonNode output = tool.path("outputSchema");
    if (!output.isMissingNode() && !output.isNull() && !output.isObject()) {
      return Optional.of("its outputSchema is no object");
    }
    if (isExternal(input) || isExternal(output)) {
      return Optional.of("its schema has a $ref to another document");
    }
    try {
      var _ = MirroredParams.of(input);
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    return tool.toString().length() > LARGEST
        ? Optional.of("its description is larger than 256 KB")
        : Optional.empty();
  }

  private static boolean isExternal(JsonNode schema) {
    return schema.isArray()
        ? schema.valueStream().anyMatch(UsableTools::isExternal)
        : schema.properties().stream()
            .anyMatch(entry ->
                (entry.getKey().equals("$ref") && entry.getValue().isString())
                    ? !entry.getValue().asString().startsWith("#")
                    : !VALUES.contains(entry.getKey()) && isExternal(entry.getValue()));
  }
}
