package dev.longhaul.gateway.auth.owner;

import java.time.Instant;

/**
 * An access token in the name of an owner.
 *
 * @param value what is sent as a bearer token
 * @param end when it ends
 */
public record OwnerToken(String value, Instant end) {
  /** Without the token. */
  @Override
  public String toString() {
    return "a token until " + end;
  }
}
