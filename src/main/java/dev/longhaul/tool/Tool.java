package dev.longhaul.tool;

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

  public String name() {
    return description.path("name").asString();
  }
}
