package dev.longhaul.mcp.stream;

import dev.longhaul.intake.Caller;
import dev.longhaul.mcp.wire.HeaderValue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request with everything a handler may know of it.
 *
 * @param caller who sent it
 * @param headers looks a header up, whatever the case of its name
 * @param connection tells its connection from every other of this process
 * @param baseUrl where clients reach the REST API, without a slash at the end
 * @param reply the way back
 */
public record Exchange(
    Caller caller,
    UnaryOperator<@Nullable String> headers,
    String connection,
    String baseUrl,
    Reply reply) {
  public static final String VERSION_HEADER = "MCP-Protocol-Version";
  public static final String SESSION_HEADER = "Mcp-Session-Id";

  /** A header's value without surrounding whitespace, or null if it is absent. */
  public @Nullable String header(String name) {
    String value = headers.apply(name);
    return value == null ? null : HeaderValue.trim(value);
  }

  /** The same request, answered elsewhere while it lasts. */
  public Exchange replyingTo(Reply other) {
    return new Exchange(caller, headers, connection, baseUrl, other);
  }

  /** What goes on after its request is over, and with it the headers: they read as absent. */
  public Exchange outliving(Reply other) {
    return new Exchange(caller, _ -> null, connection, baseUrl, other);
  }
}
