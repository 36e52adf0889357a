package dev.longhaul.security;

import java.util.Locale;
import java.util.Optional;

/**
 * The origin of a web page.
 *
 * @param scheme http or https
 */
record Origin(String scheme, Authority authority) {

  /**
   * Parses {@code scheme://host[:port]}; empty for anything else, including the origin {@code
   * null}.
   */
  static Optional<Origin> parse(String text) {
    int colon = text.indexOf("://");
    if (colon < 0) {
      return Optional.empty();
    }
    String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https")
        ? Authority.parse(text.substring(colon + 3)).map(a -> new Origin(scheme, a))
        : Optional.empty();
  }

  /** The given port, or the default of the scheme. */
  int port() {
    if (authority.port() != Authority.NO_PORT) {
      return authority.port();
    }
    return scheme.equals("http") ? 80 : 443;
  }
}
