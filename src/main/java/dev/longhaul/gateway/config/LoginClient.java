package dev.longhaul.gateway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who this server is where a person logs in for an upstream (OAuth 2.1 with an authorization code).
 *
 * @param id the client; null for one that is registered with the login (RFC 7591)
 * @param secret its secret; null for a public client
 * @param scopes what is asked for; empty for what the upstream names
 * @param resource what the tokens are for (RFC 8707); null for what the upstream names
 * @param redirectPort the port on the loopback interface to which the browser is sent back; 0 for a
 *     free one
 */
public record LoginClient(
    @Nullable String id,
    @Nullable String secret,
    List<String> scopes,
    @Nullable String resource,
    int redirectPort) {
  /** Nothing is configured. */
  public static final LoginClient UNNAMED = new LoginClient(null, null, List.of(), null, 0);

  public LoginClient {
    scopes = List.copyOf(scopes);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return id == null ? "a client that registers itself" : id;
  }
}
