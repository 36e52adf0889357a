package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.Client;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session of an earlier revision, with what its client declared.
 *
 * @param id visible ASCII, cannot be guessed
 * @param owner the caller that began it and the only one that may use it
 * @param version the negotiated revision
 * @param clientName the client's name, or an empty string
 * @param clientVersion its version, or an empty string
 * @param capabilities its capabilities as JSON
 * @param logLevel the least severe log level that it wants, or null if not set
 * @param sseStream the id of its only stream on the transport of 2024-11-05; null on any other
 */
public record Session(
    String id,
    String owner,
    String version,
    String clientName,
    String clientVersion,
    String capabilities,
    @Nullable String logLevel,
    @Nullable String sseStream) {
  /** The level for a client that has set none. */
  private static final String DEFAULT_LOG_LEVEL = "info";

  /** The same session after initialize. */
  Session agreed(String agreed, String name, String itsVersion, String itsCapabilities) {
    return new Session(id, owner, agreed, name, itsVersion, itsCapabilities, logLevel, sseStream);
  }

  /**
   * The client as tools see it.
   *
   * @param trace the trace context of its request
   */
  Client client(Map<String, String> trace) {
    return new Client(
        version,
        Json.object(capabilities),
        clientName,
        clientVersion,
        logLevel == null ? DEFAULT_LOG_LEVEL : logLevel,
        trace);
  }

  /** Whether its revision has the experimental tasks. */
  boolean hasTasks() {
    return version.equals(LegacyVersion.LATEST);
  }

  /** Whether its revision has the priming event. */
  boolean knowsPriming() {
    return version.equals(LegacyVersion.LATEST);
  }

  /**
   * Whether its client accepts a stream with a {@code retry} field. The Java SDK up to 2.0 treats
   * such a stream as broken, 2.2 does not. They cannot be distinguished: both have the same names
   * and send the User-Agent of the JDK's HTTP client.
   *
   * @param userAgent the header of the request, or null if it has none
   */
  boolean takesRetry(@Nullable String userAgent) {
    return !clientName.equals("Java SDK MCP Client")
        && !clientName.startsWith("spring-ai-mcp-client")
        && (userAgent == null || !userAgent.startsWith("Java-http-client/"));
  }
}
