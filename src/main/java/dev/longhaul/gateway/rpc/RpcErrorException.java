package dev.longhaul.gateway.rpc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A JSON-RPC error response: of the upstream, or of this side to a request of the upstream. */
public final class RpcErrorException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int code;
  private final transient @Nullable JsonNode data;
  private final int status;
  private final boolean namesRequest;

  public RpcErrorException(int code, String message, @Nullable JsonNode data) {
    this(code, message, data, 0);
  }

  /**
   * @param status the HTTP status it came with, if that is not a success; else 0
   */
  public RpcErrorException(int code, String message, @Nullable JsonNode data, int status) {
    this(code, message, data, status, false);
  }

  /**
   * @param status the HTTP status it came with, if that is not a success; else 0
   * @param namesRequest whether it came with such a status and the id of the request
   */
  public RpcErrorException(
      int code, String message, @Nullable JsonNode data, int status, boolean namesRequest) {
    super(message);
    this.code = code;
    this.data = data;
    this.status = status;
    this.namesRequest = namesRequest;
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

  /** The HTTP status of the response that it came with, if that is not a success; else 0. */
  public int status() {
    return status;
  }

  /**
   * Whether it came with an HTTP status that is not a success and the id of the request, so that
   * the upstream has read the request.
   */
  public boolean namesRequest() {
    return namesRequest;
  }
}
