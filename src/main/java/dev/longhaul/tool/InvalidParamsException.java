package dev.longhaul.tool;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The params of a method are invalid. */
public class InvalidParamsException extends ToolRefusedException {
  /** The JSON-RPC code for invalid params. */
  public static final int CODE = -32602;

  private static final long serialVersionUID = 1L;
  private final String path;

  /**
   * @param path JSON Pointer into the params, to what is wrong
   * @param message what is wrong, naming the field
   */
  public InvalidParamsException(String path, String message) {
    this(path, message, null);
  }

  /**
   * @param path JSON Pointer into the params, to what is wrong
   * @param message what is wrong, naming the field
   * @param data the data of the JSON-RPC error, or null
   */
  public InvalidParamsException(String path, String message, @Nullable ObjectNode data) {
    super(CODE, message, data);
    this.path = path;
  }

  /** JSON Pointer into the params, to what is wrong. */
  public String path() {
    return path;
  }
}
