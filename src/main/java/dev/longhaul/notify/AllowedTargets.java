package dev.longhaul.notify;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The hosts to which webhooks may be sent. */
final class AllowedTargets {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\*|\\*(\\.[a-z0-9-]+)+|(\\[[0-9a-f:.]+\\]|[a-z0-9_-]+(\\.[a-z0-9_-]+)*)(:[0-9]{1,5})?");
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final List<String> entries;

  /**
   * @throws IllegalArgumentException if an entry is not a host
   */
  AllowedTargets(List<String> entries) {
    this.entries = entries.stream().map(entry -> entry.strip().toLowerCase(Locale.ROOT)).toList();
    for (String entry : this.entries) {
      if (!ENTRY.matcher(entry).matches()) {
        throw new IllegalArgumentException(
            "longhaul.notifications.webhook.allowed-hosts has '"
                + entry
                + "'; write a host, a host:port, *.domain, or * for every public host");
      }
    }
  }

  boolean none() {
    return entries.isEmpty();
  }

  /** Whether webhooks may be sent to this URL. */
  boolean allows(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    if (names(url)) {
      return true;
    }
    // A host listed with ports only must not get other ports by a wildcard, because the resolver
    // does not see the port.
    return !names(host)
        && entries.stream()
            .anyMatch(entry ->
                entry.equals("*") || (entry.startsWith("*.") && host.endsWith(entry.substring(1))));
  }

  /** Whether this host is listed in full, so that it may have private addresses. */
  boolean names(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    String withPort = host + ":" + port(url);
    return entries.stream().anyMatch(entry -> entry.equals(host) || entry.equals(withPort));
  }

  /** The same for a host whose port was checked before. */
  boolean names(String host) {
    String plain = host.toLowerCase(Locale.ROOT);
    String bracketed = plain.contains(":") && !plain.startsWith("[") ? "[" + plain + "]" : plain;
    return entries.stream()
        .anyMatch(entry -> entry.equals(bracketed) || entry.startsWith(bracketed + ":"));
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "https".equalsIgnoreCase(url.getScheme()) ? HTTPS : HTTP;
  }
}
