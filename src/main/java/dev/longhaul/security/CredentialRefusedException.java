package dev.longhaul.security;

import java.io.Serial;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A request without a sufficient access token or API key. */
public final class CredentialRefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;
  private final @Nullable String error;

  private CredentialRefusedException(Refusal refusal, @Nullable String error) {
    super(refusal.detail(), null, false, false);
    this.refusal = refusal;
    this.error = error;
  }

  /** There is no credential; then the response names no error (RFC 6750, section 3.1). */
  public static CredentialRefusedException missing() {
    return new CredentialRefusedException(
        new Refusal(
            401,
            "token-required",
            "Access token required",
            "Send an access token in the header Authorization: Bearer …; WWW-Authenticate says where"
                + " to get one."),
        null);
  }

  /** There is no credential, and only API keys are accepted. */
  public static CredentialRefusedException missingKey() {
    return new CredentialRefusedException(
        new Refusal(
            401,
            "api-key-required",
            "API key required",
            "Send an API key in the header X-API-Key, or in Authorization: Bearer …; the operator"
                + " of this server makes them."),
        null);
  }

  /** The credential is at a wrong place. */
  public static CredentialRefusedException malformed(String detail) {
    return new CredentialRefusedException(
        new Refusal(400, "malformed-authorization", "Malformed authorization", detail),
        "invalid_request");
  }

  /** The token is expired, forged, or for another server. */
  public static CredentialRefusedException invalid(String detail) {
    return new CredentialRefusedException(
        new Refusal(401, "invalid-token", "Invalid access token", detail), "invalid_token");
  }

  /** The API key is unknown, expired or revoked, which are not told apart. */
  public static CredentialRefusedException invalidKey() {
    return new CredentialRefusedException(
        new Refusal(
            401,
            "invalid-api-key",
            "Invalid API key",
            "The API key is unknown, expired or revoked."),
        "invalid_token");
  }

  /** The credential lacks scopes. */
  public static CredentialRefusedException insufficient(Collection<String> scopes) {
    return new CredentialRefusedException(
        new Refusal(
            403,
            "insufficient-scope",
            "Insufficient scope",
            "The access token or API key lacks scopes that this needs: "
                + String.join(" ", scopes)
                + "."),
        "insufficient_scope");
  }

  /** The credential cannot be verified now. */
  public static CredentialRefusedException unavailable(String why) {
    return new CredentialRefusedException(
        new Refusal(
            503,
            "authorization-unavailable",
            "Authorization unavailable",
            why + " Try again later."),
        null);
  }

  public Refusal refusal() {
    return refusal;
  }

  /** The error code of RFC 6750, or null for none. */
  public @Nullable String error() {
    return error;
  }
}
