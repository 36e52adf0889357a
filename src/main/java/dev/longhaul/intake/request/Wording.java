package dev.longhaul.intake.request;

import dev.longhaul.schema.CompiledSchema.Breach;
import dev.longhaul.schema.Pointers;
import dev.longhaul.schema.Violation;
import dev.longhaul.schema.Violations;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Builds the error messages for a request from the parts of the schema that it violates. */
final class Wording {
  private static final String MESSAGE = "errorMessage";

  private final ObjectNode schema;

  Wording(ObjectNode schema) {
    this.schema = schema;
  }

  /** One violation per place, outermost places first. */
  List<Violation> of(List<Breach> breaches) {
    Violations violations = new Violations();
    Set<String> seen = new HashSet<>();
    List<Breach> unknownFirst =
        breaches.stream()
            .sorted(Comparator.comparing(b -> !b.keyword().equals("additionalProperties")))
            .toList();
    for (Breach breach : unknownFirst) {
      Violation violation = worded(breach, violations);
      if (seen.add(violation.path())) {
        violations.add(violation);
      }
    }
    return violations.list().stream()
        .sorted(Comparator.comparingLong(v -> v.path().chars().filter(c -> c == '/').count()))
        .toList();
  }

  private Violation worded(Breach breach, Violations all) {
    String below = breach.path() + "/" + Pointers.escaped(breach.property());
    String scope = breach.scope();
    JsonNode broken = schema.at(scope);
    return switch (breach.keyword()) {
      case "required" -> {
        String message =
            broken.path("properties").path(breach.property()).path(MESSAGE).asString("");
        yield new Violation(below, message.startsWith("required") ? message : "is required");
      }
      case "additionalProperties" -> {
        String refused = broken.path("refused").path(breach.property()).asString("");
        yield new Violation(
            below,
            refused.isEmpty()
                ? all.unknown(breach.property(), broken.path("properties").propertyNames())
                : refused);
      }
      case "not" -> {
        while (last(scope).equals("else")) {
          scope = parent(scope);
        }
        yield new Violation(breach.path(), schema.at(scope).path(MESSAGE).asString(""));
      }
      default -> value(breach, scope);
    };
  }

  private Violation value(Breach breach, String scope) {
    boolean alternative = last(parent(scope)).equals("oneOf");
    JsonNode broken = schema.at(alternative ? parent(parent(scope)) : scope);
    if (last(scope).equals("items") && !broken.has(MESSAGE)) {
      JsonNode list = schema.at(parent(scope));
      if (list.has(MESSAGE)) {
        return new Violation(parent(breach.path()), list.path(MESSAGE).asString());
      }
    }
    return new Violation(breach.path(), expected(broken, breach.message()));
  }

  /**
   * A message that says what a value must be.
   *
   * @param otherwise the message if the schema does not determine one
   */
  static String expected(JsonNode schema, String otherwise) {
    if (schema.has(MESSAGE)) {
      return schema.path(MESSAGE).asString();
    }
    boolean date = schema.path("format").stringValue("").equals("date-time");
    return switch (schema.path("type").stringValue("")) {
      case "boolean" -> "must be true or false";
      case "object" -> "must be an object";
      case "array" -> "must be a list" + count(schema.path("minItems"), schema.path("maxItems"));
      case "integer" ->
          "must be a whole number" + bounds(schema.path("minimum"), schema.path("maximum"));
      case "number" -> "must be a number" + bounds(schema.path("minimum"), schema.path("maximum"));
      case "string" ->
          date
              ? "must be a time of RFC 3339, such as \"2026-12-24T18:00:00Z\""
              : schema.has("enum")
                  ? "must be one of " + String.join(", ", texts(schema.path("enum")))
                  : schema.has("maxLength")
                      ? "must be a string of 1 to " + schema.path("maxLength") + " characters"
                      : "must be a string";
      default -> otherwise;
    };
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  private static String count(JsonNode least, JsonNode most) {
    String from = least.isMissingNode() ? "" : " of at least one";
    return most.isMissingNode() ? from : " of " + least.asInt(0) + " to " + most.asInt();
  }

  private static String bounds(JsonNode least, JsonNode most) {
    if (most.isMissingNode() || most.asLong() == Integer.MAX_VALUE) {
      return least.asInt() == 1 ? " above 0" : " of at least " + least;
    }
    return " of " + least + " to " + most;
  }

  private static String last(String pointer) {
    return pointer.substring(pointer.lastIndexOf('/') + 1);
  }

  private static String parent(String pointer) {
    int slash = pointer.lastIndexOf('/');
    return slash < 0 ? "" : pointer.substring(0, slash);
  }
}
