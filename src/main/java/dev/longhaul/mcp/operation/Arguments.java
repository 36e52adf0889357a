package dev.longhaul.mcp.operation;

import dev.longhaul.schema.Violation;
import dev.longhaul.schema.Violations;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the arguments of an operation tool and notes everything that is wrong with them. */
final class Arguments {
  private final ObjectNode arguments;
  private final Violations violations = new Violations();

  Arguments(ObjectNode arguments, Set<String> known) {
    this.arguments = given(arguments);
    for (String name : arguments.propertyNames()) {
      if (violations.full()) {
        break;
      }
      if (!known.contains(name)) {
        violations.add("/" + name, "is not an argument of this tool");
      }
    }
  }

  // None of these tools takes null, so it is as good as absent.
  private static ObjectNode given(ObjectNode arguments) {
    ObjectNode given = arguments.objectNode();
    arguments
        .properties()
        .forEach(entry -> {
          if (!entry.getValue().isNull()) {
            given.set(entry.getKey(), entry.getValue());
          }
        });
    return given;
  }

  String required(String name) {
    String text = text(name);
    if (text == null && !arguments.has(name)) {
      violations.add("/" + name, "is required");
    }
    return text == null ? "" : text;
  }

  @Nullable String text(String name) {
    JsonNode value = arguments.get(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      violations.add("/" + name, "must be a string");
      return null;
    }
    return value.asString();
  }

  int whole(String name, int fallback, int min, int max) {
    JsonNode value = arguments.get(name);
    if (value == null) {
      return fallback;
    }
    // 30.0 is an integer to JSON Schema.
    if (value.isNumber()
        && value.doubleValue() == Math.rint(value.doubleValue())
        && value.doubleValue() >= min
        && value.doubleValue() <= max) {
      return BigDecimal.valueOf(value.doubleValue()).intValueExact();
    }
    violations.add("/" + name, "must be an integer from " + min + " to " + max);
    return fallback;
  }

  List<Violation> violations() {
    return violations.list();
  }
}
