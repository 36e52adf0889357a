package dev.longhaul.rest.compat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request in one of the forms that the adapter accepts: {@code {"command", "params"}}, or
 * JSON-RPC 2.0 with {@code method}.
 *
 * @param command the command's name
 * @param params its params; empty if there are none
 */
record CommandRequest(String command, ObjectNode params) {
  private static final int LONGEST_ID = 255;

  /**
   * Reads the body.
   *
   * @throws CommandException if it is neither form
   */
  static CommandRequest of(ObjectNode body) {
    boolean rpc = body.has("jsonrpc");
    if (rpc && !"2.0".equals(body.path("jsonrpc").stringValue(null))) {
      throw invalid("jsonrpc must be \"2.0\"", "Correct it, or leave jsonrpc out.");
    }
    String name = rpc ? "method" : "command";
    String command = body.path(name).stringValue("");
    if (command.isBlank()) {
      throw invalid(name + " is required", "Send {\"command\": \"queue\", \"params\": {…}}.");
    }
    JsonNode params = body.path("params");
    if (params.isMissingNode() || params.isNull()) {
      return new CommandRequest(command, JsonNodeFactory.instance.objectNode());
    }
    if (params instanceof ObjectNode object) {
      return new CommandRequest(command, object);
    }
    throw CommandException.of(
        CommandException.INVALID_PARAMS,
        "INVALID_PARAMS",
        "Invalid params: params must be an object",
        "Send the action and its fields as an object.");
  }

  /** The id of the answer: the request's, and 1 in the form without ids. */
  static JsonNode id(@Nullable ObjectNode body) {
    JsonNode nothing = JsonNodeFactory.instance.nullNode();
    if (body == null) {
      return nothing;
    }
    JsonNode given = body.get("id");
    if (given == null) {
      return body.has("jsonrpc") ? nothing : JsonNodeFactory.instance.numberNode(1);
    }
    boolean fit = given.isNumber() || (given.isString() && given.asString().length() <= LONGEST_ID);
    return fit ? given : nothing;
  }

  private static CommandException invalid(String what, String remediation) {
    return CommandException.of(
        CommandException.INVALID_REQUEST,
        "INVALID_REQUEST",
        "Invalid Request: " + what,
        remediation);
  }
}
