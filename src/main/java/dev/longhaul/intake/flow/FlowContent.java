package dev.longhaul.intake.flow;

import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes definitions as canonical text, so that equal definitions are equal texts. */
final class FlowContent {
  private FlowContent() {}

  static String canonical(JsonNode node) {
    return sorted(node).toString();
  }

  private static JsonNode sorted(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        var names = new TreeMap<String, JsonNode>();
        object.properties().forEach(entry -> names.put(entry.getKey(), sorted(entry.getValue())));
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        names.forEach(copy::set);
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> copy.add(sorted(item)));
        yield copy;
      }
      default -> node;
    };
  }
}
