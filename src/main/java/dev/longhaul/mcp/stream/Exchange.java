package dev.longhaul.mcp.stream;

import dev.longhaul.intake.Caller;
import dev.longhaul.schema.HeaderValue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as handlers see it.
 *
 * @param caller who sent it
 * @param headers looks up a header by its case-insensitive name
 * @param connection the id of its connection, unique in this process
 * @param baseUrl the URL at which clients reach the REST API, without a trailing slash
 * @param reply where the response goes
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

  /** The same request with another reply. */
  public Exchange replyingTo(Reply other) {
    return new Exchange(caller, headers, connection, baseUrl, other);
  }

  /** The same request for work that continues after the HTTP request: headers read as absent. */
  public Exchange outliving(Reply other) {
    return new Exchange(caller, _ -> null, connection, baseUrl, other);
  }
}
