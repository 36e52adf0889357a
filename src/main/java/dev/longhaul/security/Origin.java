package dev.longhaul.security;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a web page comes from.
 *
 * @param scheme http or https
 */
record Origin(String scheme, Authority authority) {

  /** Reads {@code scheme://host[:port]}; empty for anything else, {@code null} among it. */
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

  /** The port, spelled out or the scheme's own. */
  int port() {
    if (authority.port() != Authority.NO_PORT) {
      return authority.port();
    }
    return scheme.equals("http") ? 80 : 443;
  }
}
