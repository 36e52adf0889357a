package dev.longhaul.catalog.springai;

import dev.longhaul.tool.InputRules;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Adds an author's {@link InputRules} to the schema that Spring AI generated. */
final class InputSchemas {
  private InputSchemas() {}

  /**
   * Changes the schema.
   *
   * @param where the names of the class and the method, for messages
   * @throws IllegalStateException if the rules name an argument that the schema does not have
   */
  static void apply(InputRules rules, ObjectNode schema, String where) {
    if (rules.closed()) {
      schema.put("additionalProperties", false);
    }
    List<String> names = List.of(rules.exactlyOneOf());
    for (String name : names) {
      if (names.size() < 2 || !schema.path("properties").has(name)) {
        throw new IllegalStateException(
            "@InputRules(exactlyOneOf) of "
                + where
                + " names '"
                + name
                + "'; give at least two names, each an argument of the method.");
      }
    }
    if (!names.isEmpty()) {
      oneOf(names, schema);
    }
  }

  // Without "oneOf": several model APIs refuse all tools of a server if one has oneOf, anyOf, allOf
  // or not at the root of its schema.
  private static void oneOf(List<String> names, ObjectNode schema) {
    String first = names.getFirst();
    List<String> others = names.subList(1, names.size());
    schema.putObject("if").putArray("required").add(first);
    ObjectNode refused = schema.putObject("then").putObject("properties");
    others.forEach(other -> refused.put(other, false));
    ObjectNode otherwise = schema.putObject("else");
    if (others.size() == 1) {
      otherwise.putArray("required").add(others.getFirst());
    } else {
      oneOf(others, otherwise);
    }
  }
}
