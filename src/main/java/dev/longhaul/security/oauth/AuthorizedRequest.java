package dev.longhaul.security.oauth;

import dev.longhaul.security.WithoutHeaders;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Set;

/**
 * A request of an authenticated caller. Its token is hidden from handlers, so that it cannot be
 * passed on to another server (MCP 2026-07-28, Authorization, Token Handling).
 */
final class AuthorizedRequest extends WithoutHeaders {
  private final AccessToken token;

  AuthorizedRequest(HttpServletRequest request, AccessToken token) {
    super(request, Set.of("authorization"));
    this.token = token;
  }

  @Override
  public Principal getUserPrincipal() {
    return token;
  }

  @Override
  public String getRemoteUser() {
    return token.name();
  }

  @Override
  public String getAuthType() {
    return "Bearer";
  }

  @Override
  public boolean isUserInRole(String role) {
    return token.scopes().contains(role);
  }
}
