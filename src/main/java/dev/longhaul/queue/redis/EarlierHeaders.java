package dev.longhaul.queue.redis;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Jobs that an earlier version stored have their headers among their params, under names with an
 * underscore. Here they are taken apart, so that such jobs run as others do.
 */
record EarlierHeaders(String params, String headers) {
  private static final List<String> NAMES = List.of("client", "request", "templates", "cache");

  /** The two of stored params; a job of this version always has headers, so it never comes here. */
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
