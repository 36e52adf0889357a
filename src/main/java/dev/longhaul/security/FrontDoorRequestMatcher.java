package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Matches the requests to Longhaul's front doors, for a {@code SecurityFilterChain} of their own in
 * a host application: a bean where Spring Security is there. docs/library.md has the chain.
 */
public final class FrontDoorRequestMatcher implements RequestMatcher {
  private final FrontDoors doors;

  FrontDoorRequestMatcher(FrontDoors doors) {
    this.doors = doors;
  }

  @Override
  public boolean matches(HttpServletRequest request) {
    return doors.lead(FrontDoors.path(request));
  }

  @Override
  public String toString() {
    return "Longhaul's front doors " + doors.patterns();
  }
}
