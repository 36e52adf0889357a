package dev.longhaul.relay;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a Longhaul is reached.
 *
 * @param url its MCP endpoint
 * @param key what is sent as a bearer token; null for none
 */
public record Address(URI url, @Nullable String key) {
  private static final String DEFAULT_PATH = "/mcp";

  public Address {
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "The address must be one such as http://localhost:8080/mcp, not " + url + ".");
    }
    String path = url.getRawPath();
    if (path == null || path.isEmpty() || path.equals("/")) {
      url = url.resolve(DEFAULT_PATH);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return url.toString();
  }
}
