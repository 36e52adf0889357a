package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses paths that two layers would interpret differently. The servlet container and the scope
 * checks remove path parameters and resolve dot segments; Spring MVC routes by the path as sent. In
 * {@code /api/v1/queues/..;/pause} the former see {@code /api/v1/pause}, the latter the queue "..".
 * No valid path contains any of these.
 */
final class AmbiguousPathCheck {
  private static final Pattern AMBIGUOUS =
      Pattern.compile(";|%3b|\\\\|%5c|%2f|%00|(?:^|/)(?:\\.|%2e){1,2}(?:/|$)");

  private AmbiguousPathCheck() {}

  /** Why the request is refused, or empty if its path is unambiguous. */
  static Optional<Refusal> refuses(HttpServletRequest request) {
    String path = request.getRequestURI().toLowerCase(Locale.ROOT);
    return AMBIGUOUS.matcher(path).find() ? Optional.of(Refusal.ambiguousPath()) : Optional.empty();
  }
}
