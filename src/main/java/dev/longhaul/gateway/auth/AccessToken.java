package dev.longhaul.gateway.auth;

import java.time.Duration;

/**
 * An access token as an authorization server gives it.
 *
 * @param value what is sent as a bearer token
 * @param lifetime for how long it is valid
 */
record AccessToken(String value, Duration lifetime) {
  /** Without the token. */
  @Override
  public String toString() {
    return "a token for " + lifetime;
  }
}
