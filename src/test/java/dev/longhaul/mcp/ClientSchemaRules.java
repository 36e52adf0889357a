package dev.longhaul.mcp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Restrictions of clients on input schemas; a schema that violates one makes the client reject the
 * tool or the whole server. Clients: OpenAI's function calling without strict mode, Gemini's
 * function declarations (Google AI and Vertex), and AutoGen 0.7, whose
 * autogen_core.utils.schema_to_pydantic_model makes a class of the schema.
 */
final class ClientSchemaRules {
  private static final Set<String> TYPES =
      Set.of("string", "integer", "number", "boolean", "array", "object");
  // The formats of AutoGen's FORMAT_MAPPING that Gemini accepts, too.
  private static final Set<String> FORMATS =
      Set.of("int32", "int64", "float", "double", "date-time");

  private final List<String> problems = new ArrayList<>();

  private ClientSchemaRules() {}

  /** The violations; empty if every client accepts the schema. */
  static List<String> problems(JsonNode inputSchema) {
    var rules = new ClientSchemaRules();
    for (String keyword : List.of("anyOf", "oneOf", "allOf", "not", "enum", "$ref")) {
      if (inputSchema.has(keyword)) {
        rules.problems.add("OpenAI takes no " + keyword + " at the root");
      }
    }
    rules.check("", inputSchema);
    return rules.problems;
  }

  private void check(String path, JsonNode schema) {
    Consumer<String> wrong = problem -> problems.add(path + ": " + problem);
    for (String keyword :
        List.of("$ref", "$defs", "oneOf", "allOf", "const", "patternProperties")) {
      if (schema.has(keyword)) {
        wrong.accept("Gemini's clients take no " + keyword);
      }
    }
    if (schema.has("anyOf")) {
      if (schema.size() > 1) {
        wrong.accept("Vertex takes nothing beside anyOf");
      }
      int number = 0;
      for (JsonNode one : schema.path("anyOf")) {
        if (one.has("anyOf")) {
          wrong.accept("AutoGen takes no anyOf in anyOf");
        }
        check(path + "/anyOf/" + number++, one);
      }
      return;
    }
    if (!TYPES.contains(schema.path("type").stringValue(""))) {
      wrong.accept("needs one type; it has " + schema.path("type"));
    }
    if (schema.has("format") && !FORMATS.contains(schema.path("format").asString(""))) {
      wrong.accept("AutoGen or Gemini does not take the format " + schema.path("format"));
    }
    schema
        .path("enum")
        .forEach(value -> {
          if (!value.isString() || value.asString().isEmpty()) {
            wrong.accept("Gemini takes only texts in an enum");
          }
        });
    if (schema.path("type").asString("").equals("array")) {
      if (schema.path("items").isObject()) {
        check(path + "/items", schema.path("items"));
      } else {
        wrong.accept("OpenAI and Gemini take no array without items");
      }
    }
    Set<String> names = new HashSet<>();
    schema
        .path("properties")
        .properties()
        .forEach(entry -> {
          names.add(entry.getKey());
          check(path + "/" + entry.getKey(), entry.getValue());
        });
    schema
        .path("required")
        .forEach(name -> {
          if (!names.contains(name.asString())) {
            wrong.accept("Gemini takes only properties in required, not " + name);
          }
        });
  }
}
