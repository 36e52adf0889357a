package dev.longhaul.gateway.rpc;

import tools.jackson.databind.node.ObjectNode;

/** The JSON-RPC messages that are sent. */
final class Envelope {
  private Envelope() {}

  static ObjectNode request(long id, String method, ObjectNode params) {
    return Wire.JSON
        .createObjectNode()
        .put("jsonrpc", "2.0")
        .put("id", id)
        .setAll(body(method, params));
  }

  static ObjectNode notification(String method, ObjectNode params) {
    return Wire.JSON.createObjectNode().put("jsonrpc", "2.0").setAll(body(method, params));
  }

  /** Tells the upstream that nobody waits for a response. */
  static ObjectNode cancelled(long id) {
    return notification(
        "notifications/cancelled", Wire.JSON.createObjectNode().put("requestId", id));
  }

  private static ObjectNode body(String method, ObjectNode params) {
    ObjectNode body = Wire.JSON.createObjectNode().put("method", method);
    if (!params.isEmpty()) {
      body.set("params", params);
    }
    return body;
  }
}
