package dev.longhaul.mcp.wire;

import dev.longhaul.job.TraceContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One JSON-RPC message of a client. */
public sealed interface Message {

  /**
   * A message that expects a response.
   *
   * @param id a string or an integer, echoed with its JSON type
   * @param params an empty object if the message has none
   */
  record Request(JsonNode id, String method, ObjectNode params) implements Message {
    /** The {@code _meta} of the params, or null if there is none or it is not an object. */
    public @Nullable ObjectNode meta() {
      return params.get("_meta") instanceof ObjectNode meta ? meta : null;
    }

    /** The trace context in {@code _meta} (SEP-414). */
    public Map<String, String> trace() {
      ObjectNode meta = meta();
      return meta == null ? Map.of() : TraceContext.of(name -> meta.path(name).stringValue(null));
    }
  }

  /** A message that expects no response. */
  record Notification(String method, ObjectNode params) implements Message {}

  /** A response to a request of this server; earlier revisions only. */
  record Response(JsonNode id, ObjectNode body) implements Message {}
}
