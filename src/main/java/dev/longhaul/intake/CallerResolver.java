package dev.longhaul.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;

/**
 * Determines the caller of a request. Declare a bean of this type to replace the default, for
 * example to let all members of a team share their jobs.
 */
@FunctionalInterface
public interface CallerResolver {
  /** The caller, whose jobs are unknown to all others. */
  Caller resolve(HttpServletRequest request);

  /**
   * The authenticated principal of the request, by Longhaul's own or a host application's security;
   * {@link Caller#LOCAL} without authentication.
   */
  static Caller principal(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    return principal == null ? Caller.LOCAL : Caller.named(principal.getName());
  }
}
