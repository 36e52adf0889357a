package dev.longhaul.job;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace context of a request: {@code traceparent}, {@code tracestate} and {@code baggage}, in
 * {@code _meta} (SEP-414) or as HTTP headers (W3C Trace Context, W3C Baggage). What is malformed is
 * left out and never fails a call.
 */
public final class TraceContext {
  private static final int MAX = 8_192;
  // W3C Trace Context, 3.2.2: version, trace id, parent id, flags; no all-zero ids, no version ff.
  private static final Pattern PARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  // Visible ASCII, as in an HTTP field: what W3C Trace Context and W3C Baggage allow at most.
  private static final Pattern LIST = Pattern.compile("[\\x20-\\x7e\\t]+");

  private static final int ID_FROM = 3;
  private static final int ID_TO = 35;

  private TraceContext() {}

  /**
   * The id of the trace, or null if there is no {@code traceparent}.
   *
   * @param trace a valid trace context by name
   */
  public static @Nullable String id(Map<String, String> trace) {
    String parent = trace.get("traceparent");
    return parent == null ? null : parent.substring(ID_FROM, ID_TO);
  }

  /**
   * The valid ones by name; without a valid {@code traceparent} a {@code tracestate} is none.
   *
   * @param fields gives the text of a name, or null if it has none
   */
  public static Map<String, String> of(Function<String, @Nullable String> fields) {
    String parent = fields.apply("traceparent");
    boolean traced = parent != null && PARENT.matcher(parent).matches();
    String baggage = list(fields, "baggage");
    if (!traced && baggage == null) {
      return Map.of();
    }
    Map<String, String> valid = new HashMap<>();
    if (traced) {
      valid.put("traceparent", parent);
      String state = list(fields, "tracestate");
      if (state != null) {
        valid.put("tracestate", state);
      }
    }
    if (baggage != null) {
      valid.put("baggage", baggage);
    }
    return valid;
  }

  private static @Nullable String list(Function<String, @Nullable String> fields, String name) {
    String text = fields.apply(name);
    return text != null
            && text.length() <= MAX
            && LIST.matcher(text).matches()
            && text.contains("=")
        ? text
        : null;
  }
}
