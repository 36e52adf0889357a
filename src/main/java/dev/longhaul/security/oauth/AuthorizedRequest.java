package dev.longhaul.security.oauth;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * A request whose caller is known. Its token is hidden from everything behind: nothing can pass it
 * on to another server (MCP 2026-07-28, Authorization, Token Handling).
 */
final class AuthorizedRequest extends HttpServletRequestWrapper {
  private static final String AUTHORIZATION = "Authorization";

  private final AccessToken token;

  AuthorizedRequest(HttpServletRequest request, AccessToken token) {
    super(request);
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

  @Override
  public @Nullable String getHeader(String name) {
    return hidden(name) ? null : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return hidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(
        Collections.list(super.getHeaderNames()).stream().filter(name -> !hidden(name)).toList());
  }

  private static boolean hidden(String name) {
    return AUTHORIZATION.equalsIgnoreCase(name);
  }
}
