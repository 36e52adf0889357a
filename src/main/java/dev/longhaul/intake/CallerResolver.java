package dev.longhaul.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;

/**
 * Says who sent a request. Declare a bean of this type to decide it otherwise, for example to let
 * all members of a team share their jobs.
 */
@FunctionalInterface
public interface CallerResolver {
  /** The caller; whatever it owns is unknown to all others. */
  Caller resolve(HttpServletRequest request);

  /**
   * Whoever the request's security knows, be it Longhaul's own or a host application's; {@link
   * Caller#LOCAL} for requests that nobody authenticates.
   */
  static Caller principal(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    return principal == null ? Caller.LOCAL : Caller.named(principal.getName());
  }
}
