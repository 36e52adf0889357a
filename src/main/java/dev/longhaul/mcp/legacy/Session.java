package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.Client;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client of an earlier revision said when it introduced itself.
 *
 * @param id visible ASCII, cannot be guessed
 * @param owner the caller that began it; nobody else may use it
 * @param version the revision agreed on
 * @param clientName the name it gave itself, or an empty string
 * @param clientVersion its version, or an empty string
 * @param capabilities its capabilities as JSON
 * @param logLevel the least severe level of logs it wants, or null if it has not said
 * @param sseStream the id of its one stream on the transport of 2024-11-05; null on any other
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
  /** Of one that has not said what it wants. */
  private static final String DEFAULT_LOG_LEVEL = "info";

  /** The same session after its client has introduced itself. */
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

  /** Whether its client knows an event without data, from which a stream can be resumed. */
  boolean knowsPriming() {
    return version.equals(LegacyVersion.LATEST);
  }

  /**
   * Whether its client takes a stream that says when to open it again. The Java SDK up to 2.0 takes
   * it for broken, 2.2 does not, and neither says which one it is: not by these names, and not by
   * the User-Agent of the JDK's HTTP client, which all of them send under names of their own too.
   *
   * @param userAgent the header of the request, or null if it has none
   */
  boolean takesRetry(@Nullable String userAgent) {
    return !clientName.equals("Java SDK MCP Client")
        && !clientName.startsWith("spring-ai-mcp-client")
        && (userAgent == null || !userAgent.startsWith("Java-http-client/"));
  }
}
