package dev.longhaul.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first filter: refuses requests by {@link HostOriginCheck} with 403 and by {@link
 * AmbiguousPathCheck} with 400, responds to CORS preflight requests, and adds security headers.
 */
final class HostOriginFilter implements HttpRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(HostOriginFilter.class);

  private final HostOriginCheck doorkeeper;
  private final Cors cors;
  private final RefusalWriter refusals;
  private final boolean https;

  /** * @param https whether clients use https, even if a proxy forwards plain HTTP */
  HostOriginFilter(HostOriginCheck doorkeeper, Cors cors, RefusalWriter refusals, boolean https) {
    this.https = https;
    this.cors = cors;
    this.doorkeeper = doorkeeper;
    this.refusals = refusals;
  }

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    protect(request, response);
    List<String> origin = headers(request, "Origin");
    cors.allow(request, response, origin);
    Optional<Refusal> refusal =
        doorkeeper
            .refuses(headers(request, "Host"), origin)
            .or(() -> AmbiguousPathCheck.refuses(request));
    if (refusal.isPresent()) {
      log.debug("Request refused: {}", refusal.get().code());
      refusals.write(request, response, refusal.get());
      return;
    }
    if (cors.answers(request, response, origin)) {
      return;
    }
    chain.doFilter(request, response);
  }

  /** Adds the security headers of every response. */
  private void protect(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", "frame-ancestors 'none'");
    // Browsers ignore it on plain HTTP (RFC 6797, 7.2).
    if (https || request.isSecure()) {
      response.setHeader("Strict-Transport-Security", "max-age=31536000");
    }
  }

  private static List<String> headers(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }
}
