package dev.longhaul.gateway.auth.owner;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.longhaul.gateway.config.OwnerIdentity.Assertion;
import dev.longhaul.gateway.config.SigningKey;
import dev.longhaul.job.RandomText;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import javax.crypto.SecretKey;

/** Signs for which owner a call is made, as a JSON Web Token (RFC 7519) of a short life. */
public final class Assertions {
  /**
   * The {@code typ} of a token for an upstream, which so cannot be taken for one of another use.
   */
  public static final String OWNER = "longhaul-owner+jwt";

  /** The {@code typ} of a token for an authorization server (RFC 7523). */
  public static final String GRANT = "JWT";

  private static final int ID_BYTES = 16;

  private final Clock clock;

  public Assertions(Clock clock) {
    this.clock = clock;
  }

  /**
   * Signs a new token.
   *
   * @param type its {@code typ}
   * @param owner its {@code sub}: the stored owner of the job
   */
  public String sign(Assertion of, String type, String owner) {
    Instant now = clock.instant();
    SigningKey key = of.key();
    JWSHeader header =
        new JWSHeader.Builder(key.algorithm())
            .type(new JOSEObjectType(type))
            .keyID(key.id())
            .build();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(of.issuer())
            .subject(owner)
            .audience(of.audience())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(of.lifetime())))
            .jwtID(RandomText.hex(ID_BYTES))
            .build();
    try {
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(signer(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that was read signs", e);
    }
  }

  private static JWSSigner signer(SigningKey key) throws JOSEException {
    return switch (key.key()) {
      case SecretKey secret -> new MACSigner(secret);
      case RSAPrivateKey rsa -> new RSASSASigner(rsa);
      case ECPrivateKey ec -> new ECDSASigner(ec);
      case PrivateKey edwards -> new EdwardsSigner(edwards);
      default -> throw new JOSEException("no key that signs");
    };
  }
}
