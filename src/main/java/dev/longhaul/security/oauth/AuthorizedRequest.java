package dev.longhaul.security.oauth;

import dev.longhaul.security.WithoutHeaders;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Set;

/**
 * A request whose caller is known. Its token is hidden from everything behind: nothing can pass it
 * on to another server (MCP 2026-07-28, Authorization, Token Handling).
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
