package dev.longhaul.mcp.wire;

import dev.longhaul.job.TraceContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One JSON-RPC message a client sent. */
public sealed interface Message {

  /**
   * A call that wants an answer.
   *
   * @param id a string or an integer, echoed with its JSON type
   * @param params an empty object if the message has none
   */
  record Request(JsonNode id, String method, ObjectNode params) implements Message {
    /** The {@code _meta} of the params, or null if it has none that is an object. */
    public @Nullable ObjectNode meta() {
      return params.get("_meta") instanceof ObjectNode meta ? meta : null;
    }

    /** The trace context in {@code _meta} (SEP-414). */
    public Map<String, String> trace() {
      ObjectNode meta = meta();
      return meta == null ? Map.of() : TraceContext.of(name -> meta.path(name).stringValue(null));
    }
  }

  /** A call that wants none. */
  record Notification(String method, ObjectNode params) implements Message {}

  /** An answer to something this server asked; earlier revisions only. */
  record Response(JsonNode id, ObjectNode body) implements Message {}
}
