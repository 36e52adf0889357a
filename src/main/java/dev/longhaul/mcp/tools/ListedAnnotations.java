package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.wire.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cleans the title and annotations of an entry in tools/list. Spring AI writes all of them for
 * every method, also those that the author did not set, which may contradict the others.
 */
final class ListedAnnotations {
  // server/tools.mdx, ToolAnnotations: the defaults for a tool without annotations.
  private static final JsonNode DEFAULTS =
      Json.tree(
          """
          {"readOnlyHint": false, "destructiveHint": true, "idempotentHint": false,
           "openWorldHint": true}
          """);

  private ListedAnnotations() {}

  /** Removes empty and repeated titles, and hints that say nothing. */
  static void write(ObjectNode entry) {
    if (entry.path("title").stringValue("-").isBlank()) {
      entry.remove("title");
    }
    if (entry.get("annotations") instanceof ObjectNode annotations) {
      JsonNode title = annotations.path("title");
      if (title.stringValue("-").isBlank() || title.equals(entry.get("title"))) {
        annotations.remove("title");
      }
      if (annotations.path("readOnlyHint").asBoolean(false)) {
        annotations.put("destructiveHint", false);
        // Has a meaning only for tools that are not read-only.
        annotations.remove("idempotentHint");
      }
      if (annotations.equals(DEFAULTS)) {
        entry.remove("annotations");
      }
    }
  }

  /** The entry for a revision on which clients may read the title only from the annotations. */
  static ObjectNode titled(ObjectNode entry) {
    JsonNode title = entry.get("title");
    if (title == null || entry.path("annotations").has("title")) {
      return entry;
    }
    ObjectNode titled = entry.deepCopy();
    titled.withObject("annotations").set("title", title);
    return titled;
  }
}
