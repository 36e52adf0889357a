package dev.longhaul.intake;

import dev.longhaul.security.AuthorizedCaller;
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
    return switch (request.getUserPrincipal()) {
      case null -> Caller.LOCAL;
      case AuthorizedCaller known -> Caller.authorized(known);
      case Principal other -> Caller.named(other.getName());
    };
  }
}
