package dev.longhaul.rest.compat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A failed command: a JSON-RPC error in the adapter's form, with additional {@code data} of {@code
 * code} and {@code remediation}.
 */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int UNKNOWN_COMMAND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int INTERNAL = -32603;

  /** The code of the adapter's MicroserviceError, for everything that the queue refuses. */
  static final int FAILED = -32000;

  private final int code;
  private final transient ObjectNode data;

  private CommandException(int code, String message, ObjectNode data) {
    super(message);
    this.code = code;
    this.data = data;
  }

  /**
   * An error.
   *
   * @param kind a stable upper-case name
   * @param remediation what to do about it
   */
  static CommandException of(int code, String kind, String message, String remediation) {
    return new CommandException(
        code,
        message,
        JsonNodeFactory.instance.objectNode().put("code", kind).put("remediation", remediation));
  }

  /** The queue refused the command. */
  static CommandException failed(String kind, String message, String remediation) {
    return of(FAILED, kind, "Command failed: " + message, remediation);
  }

  /** With another member in {@code data}. */
  CommandException with(String name, JsonNode value) {
    data.set(name, value);
    return this;
  }

  /** The member {@code error} of the answer. */
  ObjectNode error() {
    ObjectNode error = JsonNodeFactory.instance.objectNode().put("code", code);
    error.put("message", String.valueOf(getMessage())).set("data", data);
    return error;
  }
}
