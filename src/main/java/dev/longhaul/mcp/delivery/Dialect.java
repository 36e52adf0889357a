package dev.longhaul.mcp.delivery;

import tools.jackson.databind.node.ObjectNode;

/** In what the revisions differ when a call is answered. */
public interface Dialect {

  /** A CallToolResult as this revision writes it; may change and return the same object. */
  ObjectNode result(ObjectNode callToolResult);

  /** Whether a client that disconnects has thereby cancelled its request. */
  boolean disconnectCancels();
}
