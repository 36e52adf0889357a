package dev.longhaul.mcp.wire;

/** Ends the handling of a request with a JSON-RPC error. */
public class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int httpStatus;
  private final transient RpcError error;

  /**
   * @param httpStatus the status of the response, if its first byte is not yet written
   */
  public RpcException(int httpStatus, RpcError error) {
    super(error.message());
    this.httpStatus = httpStatus;
    this.error = error;
  }

  public RpcException(int httpStatus, int code, String message) {
    this(httpStatus, new RpcError(code, message));
  }

  /** Wrong params, found after every check that has an HTTP status of its own: status 200. */
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
