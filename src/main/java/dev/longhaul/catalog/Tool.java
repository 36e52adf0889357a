package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * Something a client can call.
 *
 * @param description the entry of tools/list, with every JSON Schema keyword untouched: name,
 *     title, description, inputSchema, and if it has them outputSchema, annotations and _meta
 * @param policy how it runs
 * @param handler runs it
 */
public record Tool(ObjectNode description, ToolPolicy policy, ToolHandler handler) {
  /** In {@code _meta}: true for a tool that can be called by whoever knows of it. */
  public static final String UNLISTED = "dev.longhaul/unlisted";

  /** Whether it stands in the lists of tools; one that does not costs no model a thought. */
  public boolean listed() {
    return !description.path("_meta").path(UNLISTED).asBoolean(false);
  }

  public String name() {
    return description.path("name").asString();
  }
}
