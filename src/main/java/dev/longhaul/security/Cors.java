package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Adds CORS headers for web pages of the allowed origins, to error responses as well, and responds
 * to preflight requests, which carry no token. Browser credentials such as cookies are never
 * allowed; a page sends its access token itself.
 *
 * <p>Source: Fetch, section 3.3 (CORS protocol); MCP 2026-07-28, Streamable HTTP.
 */
final class Cors {
  private static final String METHODS = "GET, POST, DELETE";
  private static final String SECONDS_TO_REMEMBER = "7200"; // Chromium remembers no longer
  private static final int MOST_NAMES = 64;
  private static final Set<String> REQUEST_HEADERS =
      Set.of(
          "authorization",
          "x-api-key",
          "content-type",
          "accept",
          "mcp-protocol-version",
          "mcp-session-id",
          "mcp-method",
          "mcp-name",
          "last-event-id",
          "idempotency-key",
          "x-request-id",
          "traceparent",
          "tracestate");
  private static final Pattern PARAMETER =
      Pattern.compile("mcp-param-[a-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final String ANSWER_HEADERS =
      "Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After, Location,"
          + " X-Request-Id, Longhaul-Job-State, Longhaul-Result-Page";

  private final AllowedOrigins origins;
  private final ServedPaths served;

  Cors(AllowedOrigins origins, ServedPaths served) {
    this.origins = origins;
    this.served = served;
  }

  /** Adds the headers with which the page may read the response. */
  void allow(HttpServletRequest request, HttpServletResponse response, List<String> origin) {
    if (!isOurs(request)) {
      return;
    }
    response.addHeader("Vary", "Origin"); // for caches, even if no origin is allowed
    if (isAllowed(origin)) {
      response.setHeader("Access-Control-Allow-Origin", origin.getFirst());
      response.setHeader("Access-Control-Expose-Headers", ANSWER_HEADERS);
    }
  }

  /**
   * Responds to a preflight request.
   *
   * @return whether it was one
   */
  boolean answers(HttpServletRequest request, HttpServletResponse response, List<String> origin) {
    if (!"OPTIONS".equals(request.getMethod())
        || request.getHeader("Access-Control-Request-Method") == null
        || !isAllowed(origin)
        || !isOurs(request)) {
      return false;
    }
    response.addHeader("Vary", "Access-Control-Request-Method");
    response.addHeader("Vary", "Access-Control-Request-Headers");
    response.setHeader("Access-Control-Allow-Methods", METHODS);
    String asked = request.getHeader("Access-Control-Request-Headers");
    String allowed = asked == null ? "" : allowed(asked);
    if (!allowed.isEmpty()) {
      response.setHeader("Access-Control-Allow-Headers", allowed);
    }
    response.setHeader("Access-Control-Max-Age", SECONDS_TO_REMEMBER);
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    return true;
  }

  // Listed by name, because "*" does not cover Authorization.
  private static String allowed(String asked) {
    return Arrays.stream(asked.split(",", MOST_NAMES + 1))
        .limit(MOST_NAMES)
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .filter(name -> REQUEST_HEADERS.contains(name) || PARAMETER.matcher(name).matches())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private boolean isOurs(HttpServletRequest request) {
    String path = ServedPaths.path(request);
    return served.contain(path) || ServedPaths.isMetadata(path);
  }

  private boolean isAllowed(List<String> origin) {
    return origin.size() == 1
        && Origin.parse(origin.getFirst()).filter(origins::allows).isPresent();
  }
}
