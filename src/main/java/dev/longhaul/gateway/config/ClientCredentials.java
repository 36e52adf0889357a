package dev.longhaul.gateway.config;

import java.net.URI;
import java.util.List;

/**
 * How this server gets access tokens for an upstream by OAuth client credentials (RFC 6749, section
 * 4.4).
 *
 * @param tokenUrl the token endpoint
 * @param clientId who this server is there
 * @param clientSecret its secret
 * @param scopes what is asked for; empty for what the authorization server gives
 * @param resource what the tokens are for (RFC 8707)
 */
public record ClientCredentials(
    URI tokenUrl, String clientId, String clientSecret, List<String> scopes, String resource) {
  public ClientCredentials {
    scopes = List.copyOf(scopes);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return clientId + " at " + tokenUrl.getHost();
  }
}
