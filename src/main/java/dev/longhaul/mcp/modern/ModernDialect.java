package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.ServerIdentity;
import dev.longhaul.mcp.delivery.Dialect;
import tools.jackson.databind.node.ObjectNode;

/** How results are written on 2026-07-28: each with its type, each signed by the server. */
public final class ModernDialect implements Dialect {
  /** The key in {@code _meta} of every result. */
  public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  private final ServerIdentity identity;

  public ModernDialect(ServerIdentity identity) {
    this.identity = identity;
  }

  @Override
  public ObjectNode result(ObjectNode callToolResult) {
    return complete(callToolResult);
  }

  /** Marks a result as complete, unless it says what it is, and signs it. */
  public ObjectNode complete(ObjectNode result) {
    if (!result.has("resultType")) {
      result.put("resultType", "complete");
    }
    ObjectNode meta =
        result.get("_meta") instanceof ObjectNode given ? given : result.putObject("_meta");
    meta.set(SERVER_INFO, identity.implementation());
    return result;
  }

  @Override
  public boolean disconnectCancels() {
    return true;
  }
}
