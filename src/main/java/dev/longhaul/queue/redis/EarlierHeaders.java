package dev.longhaul.queue.redis;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The params of jobs in layout 1, which have their headers among them under names with an
 * underscore.
 */
record EarlierHeaders(String params, String headers) {
  private static final List<String> NAMES = List.of("client", "request", "templates", "cache");

  /** Splits stored params; called only for jobs of earlier versions, which have no headers. */
  static EarlierHeaders split(String stored, JsonMapper json) {
    ObjectNode headers = json.createObjectNode();
    if (NAMES.stream().anyMatch(name -> stored.contains("\"_" + name + "\""))
        && json.readTree(stored) instanceof ObjectNode params) {
      for (String name : NAMES) {
        JsonNode header = params.remove("_" + name);
        if (header != null) {
          headers.set(name, header);
        }
      }
      return new EarlierHeaders(params.toString(), headers.toString());
    }
    return new EarlierHeaders(stored, headers.toString());
  }
}
