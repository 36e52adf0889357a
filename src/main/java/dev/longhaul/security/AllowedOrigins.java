package dev.longhaul.security;

import java.util.List;

/** The origins of {@code longhaul.http.allowed-origins}. */
record AllowedOrigins(List<Entry> entries) {
  static final String PROPERTY = "longhaul.http.allowed-origins";
  private static final String ANY_PORT = ":*";

  static AllowedOrigins parse(List<String> entries) {
    return new AllowedOrigins(entries.stream().map(Entry::parse).toList());
  }

  boolean allows(Origin origin) {
    return entries.stream().anyMatch(e -> e.allows(origin));
  }

  /** One allowed origin. */
  record Entry(Origin origin, boolean anyPort) {

    static Entry parse(String text) {
      boolean anyPort = text.endsWith(ANY_PORT);
      String origin = anyPort ? text.substring(0, text.length() - ANY_PORT.length()) : text;
      return Origin.parse(origin)
          .map(o -> new Entry(o, anyPort))
          .orElseThrow(() ->
              new IllegalArgumentException(
                  PROPERTY
                      + ": \""
                      + text
                      + "\" is not an origin. Write http://host, https://host:port or"
                      + " https://host:*; no path."));
    }

    boolean allows(Origin other) {
      return origin.scheme().equals(other.scheme())
          && origin.authority().host().equals(other.authority().host())
          && (anyPort || origin.port() == other.port());
    }
  }
}
