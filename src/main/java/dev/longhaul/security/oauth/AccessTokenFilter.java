package dev.longhaul.security.oauth;

import dev.longhaul.job.RequestContext;
import dev.longhaul.security.HttpRequestFilter;
import dev.longhaul.security.RefusalWriter;
import dev.longhaul.security.RequestContexts;
import dev.longhaul.security.ServedPaths;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requires a sufficient access token with every request; the refusal says where to get one.
 *
 * <p>Source: MCP 2026-07-28, Authorization; RFC 6750; RFC 9728.
 */
final class AccessTokenFilter implements HttpRequestFilter {
  /** RFC 6750, section 2.1. */
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +([A-Za-z0-9\\-._~+/]+=*) *");

  private static final Pattern IN_QUERY = Pattern.compile("(^|&)access_token=");
  private static final String RETRY_SECONDS = "5";

  private final AccessTokens tokens;
  private final ProtectedResource resource;
  private final NeededScopes needed;
  private final RefusalWriter refusals;

  AccessTokenFilter(
      AccessTokens tokens,
      ProtectedResource resource,
      NeededScopes needed,
      RefusalWriter refusals) {
    this.tokens = tokens;
    this.resource = resource;
    this.needed = needed;
    this.refusals = refusals;
  }

  @Override
  public void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = ServedPaths.path(request);
    Optional<byte[]> metadata =
        "GET".equals(request.getMethod()) ? resource.metadata(request, path) : Optional.empty();
    if (metadata.isPresent()) {
      response.setContentType("application/json");
      response.getOutputStream().write(metadata.get());
    } else if (needed.none(path)) {
      chain.doFilter(operatorOrNobody(request), response);
    } else {
      check(request, response, path, chain);
    }
  }

  /** Health needs no token; with an operator's token it has details. */
  private HttpServletRequest operatorOrNobody(HttpServletRequest request) {
    if (request.getHeader("Authorization") == null) {
      return request;
    }
    try {
      AccessToken token = tokens.check(bearer(request));
      return token.scopes().containsAll(needed.operators())
          ? new AuthorizedRequest(request, token)
          : request;
    } catch (TokenRefusedException e) {
      return request;
    }
  }

  private void check(
      HttpServletRequest request, HttpServletResponse response, String path, FilterChain chain)
      throws IOException, ServletException {
    Set<String> scopes = needed.of(request.getMethod(), path);
    AccessToken token;
    try {
      token = tokens.check(bearer(request));
      if (!token.scopes().containsAll(scopes)) {
        throw TokenRefusedException.insufficient(String.join(" ", scopes));
      }
    } catch (TokenRefusedException e) {
      refuse(request, response, path, scopes, e);
      return;
    }
    RequestContexts.within(
        RequestContext.current().by(token.clientId()),
        new AuthorizedRequest(request, token),
        response,
        chain);
  }

  private void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      String path,
      Set<String> scopes,
      TokenRefusedException refused)
      throws IOException {
    if (refused.refusal().status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
      response.setHeader("Retry-After", RETRY_SECONDS);
    } else {
      response.setHeader(
          "WWW-Authenticate",
          challenge(resource.metadataUrl(request, path), scopes, refused.error()));
    }
    refusals.write(request, response, refused.refusal());
  }

  private static String challenge(String metadata, Set<String> scopes, @Nullable String error) {
    StringBuilder text = new StringBuilder("Bearer ");
    if (error != null) {
      text.append("error=\"").append(error).append("\", ");
    }
    if (!scopes.isEmpty()) {
      text.append("scope=\"").append(String.join(" ", scopes)).append("\", ");
    }
    return text.append("resource_metadata=\"").append(metadata).append('"').toString();
  }

  private static String bearer(HttpServletRequest request) {
    String query = request.getQueryString();
    if (query != null && IN_QUERY.matcher(query).find()) {
      throw TokenRefusedException.malformed(
          "An access token in the address ends up in logs and histories: send it in the header"
              + " Authorization, and consider this one disclosed.");
    }
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.isEmpty()) {
      throw TokenRefusedException.missing();
    }
    var match = BEARER.matcher(headers.getFirst());
    if (headers.size() > 1 || !match.matches()) {
      throw TokenRefusedException.invalid(
          "There must be one header Authorization with Bearer, a space, and the token.");
    }
    return match.group(1);
  }
}
