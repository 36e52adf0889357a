package dev.longhaul.rest;

import dev.longhaul.intake.DeadLetters;
import dev.longhaul.schema.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which dead letters a request is about: some by their ids, or a page of those of a tool.
 *
 * @param ids not empty unless there is a tool
 * @param cursor where the page begins, or null for the first
 */
record DeadLetterBatch(List<String> ids, @Nullable String tool, @Nullable String cursor) {

  /**
   * Reads a body and names everything wrong with it.
   *
   * @param byTool whether a tool may be named instead of ids
   */
  static DeadLetterBatch read(ObjectNode body, boolean byTool) {
    Set<String> known = new TreeSet<>(byTool ? List.of("ids", "tool", "cursor") : List.of("ids"));
    Violations places = new Violations();
    for (String name : body.propertyNames()) {
      if (places.full()) {
        break;
      }
      if (!known.contains(name)) {
        places.add("/" + name.replace("~", "~0").replace("/", "~1"), places.unknown(name, known));
      }
    }
    String tool = byTool ? text(body, "tool", places) : null;
    String cursor = byTool ? text(body, "cursor", places) : null;
    List<String> ids = body.has("ids") ? ids(body.get("ids"), places) : List.of();
    if (places.none() && body.has("ids") == (tool != null)) {
      places.add("/ids", byTool ? "required, or \"tool\"; not both" : "required");
    }
    if (places.none() && cursor != null && tool == null) {
      places.add("/cursor", "goes with \"tool\" only");
    }
    if (!places.none()) {
      throw new BadRequestException(places);
    }
    return new DeadLetterBatch(ids, tool, cursor);
  }

  private static @Nullable String text(ObjectNode body, String name, Violations places) {
    JsonNode node = body.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isString() || node.asString().isEmpty()) {
      places.add("/" + name, "must be a string");
    }
    return node.asString("");
  }

  private static List<String> ids(JsonNode node, Violations places) {
    List<String> ids = new ArrayList<>();
    for (JsonNode id : node) {
      if (ids.size() > DeadLetters.MOST) {
        break;
      }
      if (id.isString()) {
        ids.add(id.asString());
      }
    }
    if (!node.isArray()
        || ids.isEmpty()
        || ids.size() != node.size()
        || ids.size() > DeadLetters.MOST) {
      places.add("/ids", "must be a list of 1 to " + DeadLetters.MOST + " job ids");
    }
    return ids;
  }
}
