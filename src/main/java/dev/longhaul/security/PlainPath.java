package dev.longhaul.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses paths that two layers would read differently. The servlet container drops path parameters
 * and resolves dots before it maps a request, and so do the checks of scopes; Spring MVC routes by
 * the path as it was sent. To {@code /api/v1/queues/..;/pause} the one sees {@code /api/v1/pause},
 * the other the queue "..". No path of ours has any of this.
 */
final class PlainPath {
  private static final Pattern AMBIGUOUS =
      Pattern.compile(";|%3b|\\\\|%5c|%2f|%00|(?:^|/)(?:\\.|%2e){1,2}(?:/|$)");

  private PlainPath() {}

  /** Why the request is refused, or empty if its path is plain. */
  static Optional<Refusal> refuses(HttpServletRequest request) {
    String path = request.getRequestURI().toLowerCase(Locale.ROOT);
    return AMBIGUOUS.matcher(path).find() ? Optional.of(Refusal.ambiguousPath()) : Optional.empty();
  }
}
