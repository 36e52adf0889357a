package dev.longhaul.mcp.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON-RPC error object.
 *
 * @param code one of {@link ErrorCode}, or a tool's own
 * @param message what is wrong and what to do
 * @param data details for programs, or null
 */
public record RpcError(int code, String message, @Nullable JsonNode data) {
  public RpcError(int code, String message) {
    this(code, message, null);
  }
}
