package dev.longhaul.tool;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Thrown by a tool or handler to respond with a JSON-RPC error; never retried. */
public class ToolRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int code;
  private final transient @Nullable JsonNode data;

  public ToolRefusedException(int code, String message) {
    this(code, message, null);
  }

  /**
   * @param data the error's data, or null
   */
  public ToolRefusedException(int code, String message, @Nullable JsonNode data) {
    super(message);
    this.code = code;
    this.data = data;
  }

  /** The JSON-RPC error code. */
  public int code() {
    return code;
  }

  /** The error's data, or null. */
  public @Nullable JsonNode data() {
    return data;
  }
}
