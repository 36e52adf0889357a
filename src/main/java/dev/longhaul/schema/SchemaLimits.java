package dev.longhaul.schema;

import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks a schema before it is compiled: its depth and size, that it contains everything it refers
 * to, and that its dialects are known (2026-07-28, basic/index.mdx, JSON Schema).
 */
final class SchemaLimits {
  /** More than schemas have in practice, and few enough for any thread's stack. */
  static final int MAX_DEPTH = 64;

  /** Each uses memory for the life of the process; the largest known schema has 1,500. */
  static final int MAX_SUBSCHEMAS = 10_000;

  /** The dialects served, by {@code $schema} without its empty fragment. */
  static final Set<String> DIALECTS =
      Set.of(
          "https://json-schema.org/draft/2020-12/schema",
          "https://json-schema.org/draft/2019-09/schema",
          "http://json-schema.org/draft-07/schema",
          "http://json-schema.org/draft-06/schema",
          "http://json-schema.org/draft-04/schema");

  /** Keywords whose value is JSON and no schema. */
  private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");

  /** Keywords whose value is an object of schemas by names. */
  private static final Set<String> NAMED =
      Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  /** A document without an {@code $id} has this for its base. */
  private static final String NO_BASE = "";

  private final Set<String> documents = new HashSet<>();
  private int subschemas;

  private SchemaLimits() {}

  /**
   * Checks a schema.
   *
   * @throws IllegalArgumentException what is wrong with it and what to do
   */
  static void check(JsonNode schema) {
    SchemaLimits limits = new SchemaLimits();
    limits.measure(schema, 0);
    limits.documents.add(NO_BASE);
    limits.collect(schema, NO_BASE, false);
    limits.resolve(schema, NO_BASE, "", false);
  }

  private void measure(JsonNode node, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "it is nested deeper than " + MAX_DEPTH + " levels; use $defs and $ref instead");
    }
    if (node.isObject() && ++subschemas > MAX_SUBSCHEMAS) {
      throw new IllegalArgumentException(
          "it has more than "
              + MAX_SUBSCHEMAS
              + " subschemas; describe the arguments more coarsely");
    }
    for (JsonNode child : node) {
      measure(child, depth + 1);
    }
  }

  /** The documents that the schema brings along: itself, and each subschema with an {@code $id}. */
  private void collect(JsonNode node, String base, boolean names) {
    String here = names ? base : baseOf(node, base);
    documents.add(here);
    if (!names && node.path("$schema").isString()) {
      String dialect = withoutEmptyFragment(node.path("$schema").asString());
      if (!DIALECTS.contains(dialect)) {
        throw new IllegalArgumentException(
            "it names the dialect "
                + dialect
                + " ($schema), which is not known here; use"
                + " https://json-schema.org/draft/2020-12/schema, or leave $schema out");
      }
    }
    children(node, names, (child, _, childNames) -> collect(child, here, childNames));
  }

  private void resolve(JsonNode node, String base, String path, boolean names) {
    String here = names ? base : baseOf(node, base);
    if (!names) {
      for (String keyword : REFERENCES) {
        JsonNode reference = node.path(keyword);
        if (reference.isString() && !isInside(reference.asString(), here)) {
          throw new IllegalArgumentException(
              "it refers to "
                  + reference.asString()
                  + " (at "
                  + path
                  + "/"
                  + keyword
                  + "), which is not in it, and schemas are never fetched; copy that one into"
                  + " $defs");
        }
      }
    }
    children(
        node,
        names,
        (child, key, childNames) -> resolve(child, here, path + "/" + key, childNames));
  }

  private boolean isInside(String reference, String base) {
    if (reference.startsWith("#")) {
      return true;
    }
    String document = withoutFragment(resolved(base, reference));
    return documents.contains(document) || DIALECTS.contains(document);
  }

  private static String baseOf(JsonNode node, String base) {
    JsonNode id = node.path("$id");
    return id.isString() ? withoutFragment(resolved(base, id.asString())) : base;
  }

  private static String resolved(String base, String reference) {
    try {
      return base.isEmpty() ? reference : URI.create(base).resolve(reference).toString();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it has " + reference + ", which is no URI", e);
    }
  }

  private static String withoutFragment(String uri) {
    int hash = uri.indexOf('#');
    return hash < 0 ? uri : uri.substring(0, hash);
  }

  private static String withoutEmptyFragment(String uri) {
    return uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
  }

  private interface Visitor {
    void visit(JsonNode child, String key, boolean names);
  }

  private static void children(JsonNode node, boolean names, Visitor visitor) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        String key = entry.getKey();
        if (names || !VALUES.contains(key)) {
          visitor.visit(entry.getValue(), key, !names && NAMED.contains(key));
        }
      }
      return;
    }
    int index = 0;
    for (JsonNode child : node) {
      visitor.visit(child, String.valueOf(index++), false);
    }
  }
}
