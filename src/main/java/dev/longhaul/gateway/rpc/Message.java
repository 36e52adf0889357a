package dev.longhaul.gateway.rpc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A JSON-RPC message of an upstream. */
sealed interface Message {

  /** A notification. */
  record Notification(String method, ObjectNode params) implements Message {}

  /** A request of the upstream. */
  record Request(JsonNode id, String method, ObjectNode params) implements Message {}

  /** A response with a result. */
  record Result(JsonNode id, ObjectNode result) implements Message {}

  /** A response with an error; the id is null if the upstream could not read the request's. */
  record Failure(JsonNode id, int code, String text, @Nullable JsonNode data) implements Message {
    RpcErrorException exception() {
      return new RpcErrorException(code, text, data);
    }

    RpcErrorException exception(int status, boolean namesRequest) {
      return new RpcErrorException(code, text, data, status, namesRequest);
    }
  }

  /**
   * What is no message.
   *
   * @param id the id, if it is meant as a response
   */
  record Invalid(String why, @Nullable JsonNode id) implements Message {}

  /** The code of an error whose own is not usable. */
  int INTERNAL_ERROR = -32603;

  /** The messages of a JSON document: one, or those of a batch. */
  static List<Message> in(JsonNode document) {
    return document.isArray() && !document.isEmpty()
        ? document.valueStream().map(Message::of).toList()
        : List.of(of(document));
  }

  private static Message of(JsonNode node) {
    if (!(node instanceof ObjectNode message)) {
      return new Invalid("it is no object", null);
    }
    JsonNode id = message.get("id");
    JsonNode method = message.get("method");
    if (!message.path("jsonrpc").asString("").equals("2.0")) {
      return new Invalid("jsonrpc is not \"2.0\"", method == null ? id : null);
    }
    if (method == null) {
      return response(message, id);
    }
    if (!method.isString()) {
      return new Invalid("method is no string", null);
    }
    JsonNode params = message.path("params");
    if (!params.isMissingNode() && !params.isObject()) {
      return new Invalid("params is no object", null);
    }
    ObjectNode values = params instanceof ObjectNode object ? object : Wire.JSON.createObjectNode();
    if (id == null) {
      return new Notification(method.stringValue(), values);
    }
    return id.isString() || id.isNumber()
        ? new Request(id, method.stringValue(), values)
        : new Invalid("the id of the request is neither string nor number", null);
  }

  private static Message response(ObjectNode message, @Nullable JsonNode id) {
    JsonNode error = message.path("error");
    if (error instanceof ObjectNode object) {
      JsonNode code = object.path("code");
      return new Failure(
          id == null ? Wire.JSON.nullNode() : id,
          code.isIntegralNumber() && code.canConvertToInt() ? code.intValue() : INTERNAL_ERROR,
          object.path("message").asString("The upstream gave no message."),
          object.get("data"));
    }
    if (id == null) {
      return new Invalid("it has neither method nor id", null);
    }
    return message.get("result") instanceof ObjectNode result
        ? new Result(id, result)
        : new Invalid("it has no result that is an object, and no error", id);
  }
}
