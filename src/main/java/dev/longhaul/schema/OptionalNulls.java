package dev.longhaul.schema;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes null from optional arguments, unless their schema allows null. Several clients send every
 * argument a tool has, with null for those that their model did not give.
 */
public final class OptionalNulls {
  /** The most references that are followed; more would be a cycle. */
  private static final int MOST_REFERENCES = 20;

  private OptionalNulls() {}

  /**
   * The arguments without such nulls, also in objects and lists that the schema describes by {@code
   * properties} and {@code items}.
   *
   * @param schema the tool's input schema
   * @param arguments unchanged
   * @return the arguments themselves if none was found
   */
  public static ObjectNode dropped(JsonNode schema, ObjectNode arguments) {
    return hasNull(arguments) && dropped(schema, schema, arguments) instanceof ObjectNode fewer
        ? fewer
        : arguments;
  }

  private static boolean hasNull(JsonNode node) {
    if (node.isNull()) {
      return true;
    }
    for (JsonNode child : node) {
      if (hasNull(child)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode dropped(JsonNode root, JsonNode schema, JsonNode value) {
    JsonNode here = resolved(root, schema);
    if (value instanceof ObjectNode object && here.path("properties").isObject()) {
      Set<String> required = new HashSet<>();
      here.path("required").forEach(name -> required.add(name.asString("")));
      ObjectNode fewer = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(entry -> {
            String name = entry.getKey();
            JsonNode given = entry.getValue();
            JsonNode property = here.path("properties").get(name);
            if (property == null) {
              fewer.set(name, given);
            } else if (!given.isNull()) {
              fewer.set(name, dropped(root, property, given));
            } else if (required.contains(name) || takesNull(root, property)) {
              fewer.set(name, given);
            }
          });
      return fewer;
    }
    if (value instanceof ArrayNode array && here.path("items").isObject()) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(item -> items.add(dropped(root, here.path("items"), item)));
      return items;
    }
    return value;
  }

  /** Whether null may be valid; true if that is unknown. */
  private static boolean takesNull(JsonNode root, JsonNode schema) {
    return takesNull(root, schema, 0);
  }

  private static boolean takesNull(JsonNode root, JsonNode schema, int depth) {
    JsonNode here = resolved(root, schema);
    if (here.isBoolean()) {
      return here.booleanValue();
    }
    if (depth > MOST_REFERENCES) {
      return true;
    }
    JsonNode type = here.get("type");
    if (type != null && !names(type, "null") && !here.path("nullable").asBoolean(false)) {
      return false;
    }
    if (here.path("enum").isArray()
        && here.path("enum").valueStream().noneMatch(JsonNode::isNull)) {
      return false;
    }
    JsonNode constant = here.get("const");
    if (constant != null && !constant.isNull()) {
      return false;
    }
    for (String any : new String[] {"anyOf", "oneOf"}) {
      if (here.path(any).isArray()
          && here.path(any).valueStream().noneMatch(one -> takesNull(root, one, depth + 1))) {
        return false;
      }
    }
    return here.path("allOf").valueStream().allMatch(one -> takesNull(root, one, depth + 1));
  }

  private static boolean names(JsonNode type, String name) {
    return type.isArray()
        ? type.valueStream().anyMatch(one -> one.asString("").equals(name))
        : type.asString("").equals(name);
  }

  private static JsonNode resolved(JsonNode root, JsonNode schema) {
    JsonNode here = schema;
    for (int followed = 0; followed < MOST_REFERENCES; followed++) {
      String reference = reference(here);
      if (reference == null) {
        return here;
      }
      here = root.at(reference.substring(1));
    }
    return here;
  }

  /** A reference into the same document, or null. */
  private static @Nullable String reference(JsonNode schema) {
    String text = schema.path("$ref").stringValue("");
    return text.startsWith("#/") ? text : null;
  }
}
