package dev.longhaul.security;

import java.util.List;

/** The hosts of {@code longhaul.http.allowed-hosts}. */
record AllowedHosts(List<Authority> named, boolean any) {
  static final String PROPERTY = "longhaul.http.allowed-hosts";

  static AllowedHosts parse(List<String> entries) {
    boolean any = entries.contains("*");
    List<Authority> named =
        entries.stream().filter(e -> !"*".equals(e)).map(AllowedHosts::entry).toList();
    return new AllowedHosts(named, any);
  }

  /** Whether the operator has listed this host. */
  boolean names(Authority host) {
    return named.stream().anyMatch(host::isCoveredBy);
  }

  private static Authority entry(String text) {
    // A Kubernetes pod gets its IPv6 address without brackets.
    boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    return Authority.parse(bare ? "[" + text + "]" : text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                PROPERTY
                    + ": \""
                    + text
                    + "\" is not a host. Write host, host:port, [ipv6], [ipv6]:port or *; no scheme"
                    + " and no path."));
  }
}
