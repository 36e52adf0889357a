package dev.longhaul.mcp.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Builds the JSON-RPC messages that this server sends. */
public final class Replies {
  private Replies() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ObjectNode result(JsonNode id, JsonNode result) {
    ObjectNode message = object().put("jsonrpc", "2.0");
    message.set("id", id);
    message.set("result", result);
    return message;
  }

  /**
   * An error response.
   *
   * @param id null if it could not be read; the field is then absent, since no revision allows null
   */
  public static ObjectNode error(@Nullable JsonNode id, RpcError error) {
    ObjectNode message = object().put("jsonrpc", "2.0");
    if (id != null) {
      message.set("id", id);
    }
    message.set("error", errorObject(error));
    return message;
  }

  /** The error object alone. */
  public static ObjectNode errorObject(RpcError error) {
    ObjectNode body = object().put("code", error.code()).put("message", error.message());
    if (error.data() != null) {
      body.set("data", error.data());
    }
    return body;
  }

  public static ObjectNode notification(String method, ObjectNode params) {
    ObjectNode message = object().put("jsonrpc", "2.0").put("method", method);
    message.set("params", params);
    return message;
  }
}
