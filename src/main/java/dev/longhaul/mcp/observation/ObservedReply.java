package dev.longhaul.mcp.observation;

import dev.longhaul.mcp.stream.ForwardingReply;
import dev.longhaul.mcp.stream.Reply;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A reply whose response tells the observation whether the request failed. */
final class ObservedReply extends ForwardingReply {
  private final McpOperation operation;

  ObservedReply(Reply reply, McpOperation operation) {
    super(reply);
    this.operation = operation;
  }

  @Override
  public void finish(int httpStatus, ObjectNode message) {
    JsonNode error = message.get("error");
    if (error != null) {
      operation.failed(error.path("code").asInt(0));
    } else if (message.path("result").path("isError").booleanValue(false)) {
      operation.toolFailed();
    }
    super.finish(httpStatus, message);
  }
}
