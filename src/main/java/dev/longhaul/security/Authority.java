package dev.longhaul.security;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and an optional port, as in a Host header or an origin, normalised: lower case, no
 * trailing dot, IPv6 addresses in canonical form.
 *
 * @param host the name or address, an IPv6 address without its brackets
 * @param port the port, or {@link #NO_PORT}
 */
record Authority(String host, int port) {
  static final int NO_PORT = -1;

  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:\\[(?<v6>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9._~-]+))(?::(?<port>\\d{1,5}))?");

  /** Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}. */
  static Optional<Authority> parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String digits = matcher.group("port");
    int port = digits == null ? NO_PORT : Integer.parseInt(digits);
    if (port > 65535) {
      return Optional.empty();
    }
    String v6 = matcher.group("v6");
    return (v6 == null ? name(matcher.group("name")) : address(v6))
        .map(host -> new Authority(host, port));
  }

  /** Whether an allowed authority, which may have no port, covers this one. */
  boolean isCoveredBy(Authority allowed) {
    return host.equals(allowed.host) && (allowed.port == NO_PORT || allowed.port == port);
  }

  private static Optional<String> name(String text) {
    // "localhost." is the same name as "localhost", only spelled absolutely.
    String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return host.isEmpty() ? Optional.empty() : Optional.of(host.toLowerCase(Locale.ROOT));
  }

  private static Optional<String> address(String literal) {
    try {
      return Optional.of(InetAddress.ofLiteral(literal).getHostAddress());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
