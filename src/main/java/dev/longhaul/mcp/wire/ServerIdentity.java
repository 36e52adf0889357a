package dev.longhaul.mcp.wire;

import tools.jackson.databind.node.ObjectNode;

/**
 * The name, version and instructions that this server sends to clients.
 *
 * @param instructions general instructions for models
 */
public record ServerIdentity(String name, String version, String instructions) {
  static final String INSTRUCTIONS =
      "Calls that take long go on as operations. When a result names an operation_id, call the tool"
          + " continue_operation with it until it returns the result; do not repeat the original"
          + " call. list_operations finds operations again.";

  public static ServerIdentity longhaul(String version) {
    return new ServerIdentity("longhaul", version, INSTRUCTIONS);
  }

  /** An Implementation object of the protocol. */
  public ObjectNode implementation() {
    return Replies.object().put("name", name).put("version", version);
  }
}
