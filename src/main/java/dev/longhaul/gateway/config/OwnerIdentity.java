package dev.longhaul.gateway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream with a URL learns for whom a call is made. A session is then of one caller, and
 * calls whose caller has no identity are refused.
 */
public sealed interface OwnerIdentity {

  /** The value of the setting {@code identity.mode}. */
  String mode();

  /**
   * Whether an owner can be told to an upstream: not {@code local}, which is everybody without a
   * credential, nor {@code application}, which is this server itself.
   */
  static boolean names(String owner) {
    return !owner.isEmpty() && !owner.equals("local") && !owner.equals("application");
  }

  /**
   * Why a call is refused whose owner cannot be told.
   *
   * @param upstream the upstream that it would go to
   */
  static String refusal(String upstream) {
    return "Upstream "
        + upstream
        + " is told for whom a call is made (longhaul.upstreams."
        + upstream
        + ".identity), but this call has no known caller; call with an access token or an API key.";
  }

  /**
   * A signed statement in a header of each message, beside the upstream's own headers or token.
   *
   * @param name the header
   */
  record Header(String name, Assertion assertion) implements OwnerIdentity {
    @Override
    public String mode() {
      return "header";
    }
  }

  /**
   * An access token that the authorization server gives for a signed statement (RFC 7523, section
   * 2.1).
   */
  record JwtBearer(Assertion assertion) implements OwnerIdentity {
    @Override
    public String mode() {
      return "jwt-bearer";
    }
  }

  /**
   * An access token that the authorization server gave in exchange for the caller's own when the
   * call was submitted (RFC 8693).
   *
   * @param audience for whom it is asked, beside the resource; null if that says it all
   */
  record Exchange(@Nullable String audience) implements OwnerIdentity {
    /** The value of the setting. */
    public static final String MODE = "exchange";

    @Override
    public String mode() {
      return MODE;
    }
  }

  /**
   * What is signed of an owner.
   *
   * @param key what signs
   * @param issuer {@code iss}
   * @param audience {@code aud}
   * @param lifetime how long it is valid
   */
  record Assertion(SigningKey key, String issuer, String audience, Duration lifetime) {}
}
