package dev.longhaul.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;

/**
 * Determines the caller of a request. Declare a bean of this type to replace the default, for
 * example to let all members of a team share their jobs.
 */
@FunctionalInterface
public interface CallerResolver {
  /** The caller of the request. */
  Caller resolve(HttpServletRequest request);

  /**
   * The authenticated principal of the request, as set by the security of Longhaul or of the host
   * application; {@link Caller#LOCAL} without authentication.
   */
  static Caller principal(HttpServletRequest request) {
    Principal principal = request.getUserPrincipal();
    return principal == null ? Caller.LOCAL : Caller.named(principal.getName());
  }
}
