package dev.longhaul.catalog.springai;

import dev.longhaul.schema.Pointers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes keywords without information from the schemas that Spring AI generates, because clients
 * put tools/list into the context of their model. Keywords written by the author stay.
 */
final class GeneratedSchemas {
  // The protocol's default (SEP-1613); validators of older drafts refuse a schema with it.
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  /** Names of Java types; JSON has one kind of number. */
  private static final Set<String> NUMBERS = Set.of("int32", "int64", "float", "double");

  private static final Set<String> VALUES = Set.of("const", "default", "enum", "examples");

  // The fields of a ToolAnswer that are the same for every tool and need no detailed schema.
  private static final String ENVELOPE =
      """
      {"counts": {"type": "object"},
       "errors": {"type": "array"},
       "warnings": {"type": "array"},
       "timing": {"type": "object"}}
      """;

  private GeneratedSchemas() {}

  /**
   * Shortens the schemas of a tool.
   *
   * @param description the tool's entry in tools/list
   * @param answering whether its method returns a {@link dev.longhaul.tool.ToolAnswer}
   */
  static void shorten(ObjectNode description, boolean answering, JsonMapper json) {
    if (answering && description.at("/outputSchema/properties") instanceof ObjectNode properties) {
      ObjectNode envelope = (ObjectNode) json.readTree(ENVELOPE);
      for (String part : envelope.propertyNames()) {
        if (properties.has(part)) {
          properties.set(part, envelope.get(part));
        }
      }
    }
    for (String which : List.of("inputSchema", "outputSchema")) {
      if (description.get(which) instanceof ObjectNode schema) {
        if (DIALECT.equals(schema.path("$schema").stringValue(""))) {
          schema.remove("$schema");
        }
        withoutNoise(schema);
        withoutUnusedDefinitions(schema);
      }
    }
  }

  private static void withoutNoise(JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (NUMBERS.contains(object.path("format").stringValue(""))) {
        object.remove("format");
      }
      if (object.path("required").isArray() && object.path("required").isEmpty()) {
        object.remove("required");
      }
      object
          .properties()
          .forEach(entry -> {
            if (!VALUES.contains(entry.getKey())) {
              withoutNoise(entry.getValue());
            }
          });
    } else {
      node.forEach(GeneratedSchemas::withoutNoise);
    }
  }

  private static void withoutUnusedDefinitions(ObjectNode schema) {
    if (schema.get("$defs") instanceof ObjectNode definitions) {
      String text = schema.toString();
      for (String name : new TreeSet<>(definitions.propertyNames())) {
        String reference = "\"#/$defs/" + Pointers.escaped(name) + "\"";
        if (!text.contains(reference)) {
          definitions.remove(name);
        }
      }
      if (definitions.isEmpty()) {
        schema.remove("$defs");
      }
    }
  }
}
