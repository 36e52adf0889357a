package dev.longhaul.catalog;

import tools.jackson.databind.node.ObjectNode;

/**
 * A tool, or another MCP method in the shape of a tool.
 *
 * @param description its entry in tools/list, with all JSON Schema keywords of the author: name,
 *     title, description, inputSchema and optionally outputSchema, annotations and _meta
 * @param policy how it runs
 * @param handler runs it
 * @param method the MCP method that it runs, {@code tools/call} for a tool
 */
public record Tool(ObjectNode description, ToolPolicy policy, ToolHandler handler, String method) {
  /** The method of a tool. */
  public static final String CALL = "tools/call";

  /** The key in {@code _meta} of a tool that can be called but is not listed. */
  public static final String UNLISTED = "dev.longhaul/unlisted";

  public Tool(ObjectNode description, ToolPolicy policy, ToolHandler handler) {
    this(description, policy, handler, CALL);
  }

  /** Whether it appears in lists of tools. */
  public boolean listed() {
    return !description.path("_meta").path(UNLISTED).asBoolean(false);
  }

  public String name() {
    return description.path("name").asString();
  }
}
