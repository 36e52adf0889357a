package dev.longhaul.gateway.rpc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A JSON-RPC error response: of the upstream, or of this side to a request of the upstream. */
public final class RpcErrorException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int code;
  private final transient @Nullable JsonNode data;

  public RpcErrorException(int code, String message, @Nullable JsonNode data) {
    super(message);
    this.code = code;
    this.data = data;
  }

  static RpcErrorException methodNotFound(String method) {
    return new RpcErrorException(-32601, "Method not found: " + method, null);
  }

  public int code() {
    return code;
  }

  public @Nullable JsonNode data() {
    return data;
  }
}
