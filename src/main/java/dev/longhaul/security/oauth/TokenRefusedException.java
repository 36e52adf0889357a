package dev.longhaul.security.oauth;

import dev.longhaul.security.Refusal;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request without a sufficient access token. */
final class TokenRefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;
  private final @Nullable String error;

  private TokenRefusedException(Refusal refusal, @Nullable String error) {
    super(refusal.detail(), null, false, false);
    this.refusal = refusal;
    this.error = error;
  }

  /** There is no token; then the response names no error (RFC 6750, section 3.1). */
  static TokenRefusedException missing() {
    return new TokenRefusedException(
        new Refusal(
            401,
            "token-required",
            "Access token required",
            "Send an access token in the header Authorization: Bearer …; WWW-Authenticate says where"
                + " to get one."),
        null);
  }

  /** The Authorization header is malformed. */
  static TokenRefusedException malformed(String detail) {
    return new TokenRefusedException(
        new Refusal(400, "malformed-authorization", "Malformed authorization", detail),
        "invalid_request");
  }

  /** The token is expired, forged, or for another server. */
  static TokenRefusedException invalid(String detail) {
    return new TokenRefusedException(
        new Refusal(401, "invalid-token", "Invalid access token", detail), "invalid_token");
  }

  /** The token lacks scopes. */
  static TokenRefusedException insufficient(String scopes) {
    return new TokenRefusedException(
        new Refusal(
            403,
            "insufficient-scope",
            "Insufficient scope",
            "The access token lacks scopes that this needs: " + scopes + "."),
        "insufficient_scope");
  }

  /** The token cannot be verified now. */
  static TokenRefusedException unchecked() {
    return new TokenRefusedException(
        new Refusal(
            503,
            "authorization-unavailable",
            "Authorization unavailable",
            "The keys of the authorization server cannot be read at the moment. Try again later."),
        null);
  }

  Refusal refusal() {
    return refusal;
  }

  /** The error code of RFC 6750, or null for none. */
  @Nullable String error() {
    return error;
  }
}
