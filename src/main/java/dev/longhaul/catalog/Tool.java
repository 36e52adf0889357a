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
 * @param id its identity, under which jobs, caches, breakers, limits and statistics store it: its
 *     name, but {@code <upstream>/<tool>} for a tool of an upstream, whose served name may change
 */
public record Tool(
    ObjectNode description, ToolPolicy policy, ToolHandler handler, String method, String id) {
  /** The method of a tool. */
  public static final String CALL = "tools/call";

  /** The key in {@code _meta} of a tool that can be called but is not listed. */
  public static final String UNLISTED = "dev.longhaul/unlisted";

  public Tool(ObjectNode description, ToolPolicy policy, ToolHandler handler) {
    this(description, policy, handler, CALL);
  }

  /** A tool whose identity is its name. */
  public Tool(ObjectNode description, ToolPolicy policy, ToolHandler handler, String method) {
    this(description, policy, handler, method, description.path("name").asString());
  }

  /** Whether it appears in lists of tools. */
  public boolean listed() {
    return !description.path("_meta").path(UNLISTED).asBoolean(false);
  }

  /** Whether it is a tool of an upstream, to which arguments are passed as they came. */
  public boolean ofUpstream() {
    return id.indexOf('/') >= 0; // which no name of another tool has
  }

  /** The name under which clients call it. */
  public String name() {
    return description.path("name").asString();
  }
}
