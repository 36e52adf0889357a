package dev.longhaul.mcp.modern;

import dev.longhaul.mcp.stream.Exchange;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Message;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.schema.HeaderValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks the {@code _meta} fields and headers of every request of 2026-07-28, in the order that
 * clients and the conformance suite expect.
 */
final class Envelope {
  static final String VERSION = "2026-07-28";
  private static final String PREFIX = "io.modelcontextprotocol/";
  static final String VERSION_KEY = PREFIX + "protocolVersion";
  private static final String CAPABILITIES_KEY = PREFIX + "clientCapabilities";

  private Envelope() {}

  /** Checks the {@code _meta} fields and the version. */
  static ModernRequest open(Exchange exchange, Message.Request message) {
    ObjectNode meta = message.meta();
    if (meta == null) {
      throw missing("params._meta is missing; it carries " + VERSION_KEY + ".");
    }
    JsonNode version = meta.get(VERSION_KEY);
    if (version == null || !version.isString()) {
      throw missing("_meta must have the string " + VERSION_KEY + ".");
    }
    if (!(meta.get(CAPABILITIES_KEY) instanceof ObjectNode capabilities)) {
      throw missing("_meta must have the object " + CAPABILITIES_KEY + ".");
    }
    String header = exchange.header(Exchange.VERSION_HEADER);
    if (!version.asString().equals(header)) {
      throw mismatch(Exchange.VERSION_HEADER, header, VERSION_KEY);
    }
    if (!version.asString().equals(VERSION)) {
      ObjectNode data = Replies.object();
      data.putArray("supported").add(VERSION);
      data.set("requested", version);
      throw new RpcException(
          400,
          new RpcError(
              ErrorCode.UNSUPPORTED_VERSION,
              "This server does not speak the requested revision; it speaks " + VERSION + ".",
              data));
    }
    return new ModernRequest(exchange, message, meta, capabilities);
  }

  static void checkMethodHeader(ModernRequest request) {
    String header = request.exchange().header("Mcp-Method");
    if (!request.message().method().equals(header)) {
      throw mismatch("Mcp-Method", header, "method");
    }
  }

  /**
   * Checks the header Mcp-Name.
   *
   * @param field the field of params that it repeats
   * @param optional whether it may be absent
   */
  static void checkNameHeader(ModernRequest request, String field, boolean optional) {
    String raw = request.exchange().header("Mcp-Name");
    if (raw == null && optional) {
      return;
    }
    Optional<String> name = raw == null ? Optional.empty() : HeaderValue.decode(raw);
    JsonNode value = request.params().path(field);
    if (name.isEmpty() || !value.isString() || !value.asString().equals(name.get())) {
      throw mismatch("Mcp-Name", raw, "params." + field);
    }
  }

  static void requireTasks(ModernRequest request) {
    if (!request.declaresTasks()) {
      throw tasksMissing();
    }
  }

  static RpcException tasksMissing() {
    ObjectNode data = Replies.object();
    data.putObject("requiredCapabilities").putObject("extensions").putObject(ModernRequest.TASKS);
    return new RpcException(
        400,
        new RpcError(
            ErrorCode.MISSING_CAPABILITY,
            "The request must declare the extension " + ModernRequest.TASKS + ".",
            data));
  }

  static RpcException mismatch(String message) {
    return new RpcException(400, ErrorCode.HEADER_MISMATCH, message);
  }

  private static RpcException mismatch(String header, @Nullable String value, String field) {
    return mismatch(
        value == null
            ? "The header " + header + " is missing; it must repeat " + field + "."
            : "The header " + header + " is malformed or differs from " + field + ".");
  }

  private static RpcException missing(String message) {
    return new RpcException(400, ErrorCode.INVALID_PARAMS, message);
  }
}
