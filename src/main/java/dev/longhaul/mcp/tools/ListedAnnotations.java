package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.wire.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The titles and hints in an entry of tools/list. Spring AI writes all of them for every method:
 * those that nobody gave are empty, and contradict those that somebody did.
 */
final class ListedAnnotations {
  // server/tools.mdx, ToolAnnotations: what a client assumes of a tool without annotations.
  private static final JsonNode DEFAULTS =
      Json.tree(
          """
          {"readOnlyHint": false, "destructiveHint": true, "idempotentHint": false,
           "openWorldHint": true}
          """);

  private ListedAnnotations() {}

  /** Leaves in an entry what was said, once. */
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
        // Says something only of a tool that changes something.
        annotations.remove("idempotentHint");
      }
      if (annotations.equals(DEFAULTS)) {
        entry.remove("annotations");
      }
    }
  }

  /** The entry for a revision that may know a tool's title only as an annotation. */
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
