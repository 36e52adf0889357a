package dev.longhaul.mcp.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The trace context of a request ({@code traceparent}, {@code tracestate}, {@code baggage} in
 * {@code _meta}; SEP-414). What is malformed is left out and never fails a call.
 */
public final class TraceContext {
  private static final int MAX = 8_192;
  // W3C Trace Context, 3.2.2: version, trace id, parent id, flags; no all-zero ids, no version ff.
  private static final Pattern PARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  // Visible ASCII, as in an HTTP field: what W3C Trace Context and W3C Baggage allow at most.
  private static final Pattern LIST = Pattern.compile("[\\x20-\\x7e\\t]+");

  private TraceContext() {}

  /** The valid ones by name; without a valid {@code traceparent} a {@code tracestate} is none. */
  public static Map<String, String> of(@Nullable JsonNode meta) {
    if (meta == null) {
      return Map.of();
    }
    Map<String, String> valid = new HashMap<>();
    String parent = meta.path("traceparent").stringValue("");
    if (PARENT.matcher(parent).matches()) {
      valid.put("traceparent", parent);
      list(meta, "tracestate", valid);
    }
    list(meta, "baggage", valid);
    return valid;
  }

  private static void list(JsonNode meta, String name, Map<String, String> valid) {
    String text = meta.path(name).stringValue("");
    if (text.length() <= MAX && LIST.matcher(text).matches() && text.contains("=")) {
      valid.put(name, text);
    }
  }
}
