package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Matches the requests to Longhaul's endpoints, for a separate {@code SecurityFilterChain} in a
 * host application; a bean if Spring Security is present. docs/library.md shows the chain.
 */
public final class FrontDoorRequestMatcher implements RequestMatcher {
  private final ServedPaths served;

  FrontDoorRequestMatcher(ServedPaths served) {
    this.served = served;
  }

  @Override
  public boolean matches(HttpServletRequest request) {
    return served.contain(ServedPaths.path(request));
  }

  @Override
  public String toString() {
    return "Longhaul's front doors " + served.patterns();
  }
}
