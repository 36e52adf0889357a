package dev.longhaul.mcp.tools;

import dev.longhaul.catalog.MethodParams;
import dev.longhaul.mcp.wire.MessageReader;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the params of tools/call on all revisions. */
public final class ToolCallParams {
  private ToolCallParams() {}

  /**
   * The name, the arguments and the part of {@code _meta} that tools may see; everything else is
   * dropped, including {@code task}.
   *
   * @throws RpcException {@code INVALID_PARAMS}
   */
  public static ObjectNode clean(ObjectNode params) {
    JsonNode name = params.path("name");
    if (!name.isString() || name.asString().isEmpty()) {
      throw RpcException.invalidParams("params.name must be the name of a tool.");
    }
    JsonNode arguments = params.get("arguments");
    // Some clients send null for no arguments.
    if (arguments != null && arguments.isNull()) {
      arguments = null;
    }
    if (arguments != null && !arguments.isObject()) {
      throw RpcException.invalidParams("params.arguments must be an object.");
    }
    ObjectNode clean = Replies.object().put("name", name.asString());
    clean.set("arguments", arguments == null ? Replies.object() : arguments);
    ObjectNode meta = MethodParams.meta(params);
    if (!meta.isEmpty()) {
      clean.set("_meta", meta);
    }
    return clean;
  }

  /**
   * The progress token, or null if the request has none.
   *
   * @throws RpcException {@code INVALID_PARAMS} if it is neither an integer nor a string of at most
   *     {@value MessageReader#LONGEST_ID} characters
   */
  public static @Nullable JsonNode progressToken(@Nullable ObjectNode meta) {
    JsonNode token = meta == null ? null : meta.get("progressToken");
    if (token == null || token.isNull()) {
      return null;
    }
    if (!token.isString() && !token.isIntegralNumber()) {
      throw RpcException.invalidParams("_meta.progressToken must be a string or an integer.");
    }
    if (token.isString() && token.asString().length() > MessageReader.LONGEST_ID) {
      throw RpcException.invalidParams(
          "_meta.progressToken is longer than " + MessageReader.LONGEST_ID + " characters.");
    }
    return token;
  }
}
