package dev.longhaul.tool;

/** Thrown by a handler to answer the call with a JSON-RPC error; never retried. */
public class ToolRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int code;

  public ToolRefusedException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The JSON-RPC error code. */
  public int code() {
    return code;
  }
}
