package dev.longhaul.security.access;

import dev.longhaul.security.AuthorizedCaller;
import dev.longhaul.security.WithoutHeaders;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Set;

/**
 * A request of an authenticated caller. Its credential is hidden from handlers, so that it cannot
 * be passed on to another server (MCP 2026-07-28, Authorization, Token Handling).
 */
final class AuthorizedRequest extends WithoutHeaders {
  private final AuthorizedCaller caller;

  AuthorizedRequest(HttpServletRequest request, AuthorizedCaller caller) {
    super(request, Set.of("authorization", "x-api-key"));
    this.caller = caller;
  }

  @Override
  public Principal getUserPrincipal() {
    return caller;
  }

  @Override
  public String getRemoteUser() {
    return caller.owner();
  }

  @Override
  public String getAuthType() {
    return "Bearer";
  }

  @Override
  public boolean isUserInRole(String role) {
    return caller.scopes().contains(role);
  }
}
