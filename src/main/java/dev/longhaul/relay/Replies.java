package dev.longhaul.relay;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Errors that the relay itself answers. */
final class Replies {
  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int INTERNAL_ERROR = -32603;

  /** As Longhaul has it where a retry is safe. */
  static final int UNAVAILABLE = -31002;

  /** As Longhaul has it for too many requests at once. */
  static final int OVERLOADED = -31007;

  private Replies() {}

  /**
   * An error response.
   *
   * @param id the request's as JSON text; null if it could not be read
   */
  static byte[] error(@Nullable String id, int code, String message) {
    String text =
        "{\"jsonrpc\":\"2.0\","
            + (id == null ? "" : "\"id\":" + id + ",")
            + "\"error\":{\"code\":"
            + code
            + ",\"message\":"
            + Message.quoted(message)
            + "}}";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
