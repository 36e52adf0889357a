package dev.longhaul.mcp.wire;

/** Thrown to respond to a request with a JSON-RPC error. */
public class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int httpStatus;
  private final transient RpcError error;

  /**
   * @param httpStatus the HTTP status, used only if the response has not begun
   */
  public RpcException(int httpStatus, RpcError error) {
    super(error.message());
    this.httpStatus = httpStatus;
    this.error = error;
  }

  public RpcException(int httpStatus, int code, String message) {
    this(httpStatus, new RpcError(code, message));
  }

  /** Invalid params, with the HTTP status 200. */
  public static RpcException invalidParams(String message) {
    return new RpcException(200, ErrorCode.INVALID_PARAMS, message);
  }

  public int httpStatus() {
    return httpStatus;
  }

  public RpcError error() {
    return error;
  }
}
