package dev.longhaul.gateway.config;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs statements about owners: RSA (RS256), an elliptic curve (ES256, ES384, ES512),
 * Ed25519 (EdDSA), or a shared secret (HS256).
 *
 * @param algorithm how it signs (RFC 7518, section 3; RFC 8037)
 * @param id the {@code kid} of the signatures, by which the other side finds its key; null for none
 * @param key the private key or secret
 */
public record SigningKey(JWSAlgorithm algorithm, @Nullable String id, Key key) {
  private static final int LEAST_RSA_BITS = 2_048;
  private static final int LEAST_SECRET_BYTES = 32;
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  /**
   * A secret that both sides know.
   *
   * @throws InvalidEntryException if it is too short for HS256
   */
  static SigningKey ofSecret(String field, String secret, @Nullable String id) {
    return ofSecret(
        field, new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"), id);
  }

  private static SigningKey ofSecret(String field, SecretKey secret, @Nullable String id) {
    if (secret.getEncoded().length < LEAST_SECRET_BYTES) {
      throw new InvalidEntryException(
          field + " is shorter than " + LEAST_SECRET_BYTES + " bytes, which HS256 needs");
    }
    return new SigningKey(JWSAlgorithm.HS256, id, secret);
  }

  /**
   * Reads a file: PEM with a private key of PKCS #8, or a JSON Web Key (RFC 7517).
   *
   * @param field the setting, for messages
   * @param id the key's id; null for that of a JSON Web Key
   * @throws InvalidEntryException if it is neither; the message has nothing of it
   */
  static SigningKey read(String field, String text, @Nullable String id) {
    String content = text.strip();
    try {
      return content.startsWith("{") ? jwk(field, content, id) : pem(field, content, id);
    } catch (GeneralSecurityException
        | ParseException
        | JOSEException
        | IllegalArgumentException e) {
      throw unreadable(field);
    }
  }

  private static SigningKey jwk(String field, String content, @Nullable String id)
      throws ParseException, JOSEException, GeneralSecurityException {
    JWK jwk = JWK.parse(content);
    String kid = id == null ? jwk.getKeyID() : id;
    return switch (jwk) {
      case OctetSequenceKey secret -> ofSecret(field, secret.toSecretKey("HmacSHA256"), kid);
      case RSAKey rsa when rsa.isPrivate() -> of(field, rsa.toPrivateKey(), kid);
      case ECKey ec when ec.isPrivate() -> of(field, ec.toPrivateKey(), kid);
      case OctetKeyPair pair when pair.isPrivate() && pair.getCurve().equals(Curve.Ed25519) ->
          of(
              field,
              KeyFactory.getInstance("Ed25519")
                  .generatePrivate(
                      new EdECPrivateKeySpec(NamedParameterSpec.ED25519, pair.getDecodedD())),
              kid);
      default -> throw unreadable(field);
    };
  }

  private static SigningKey pem(String field, String content, @Nullable String id)
      throws GeneralSecurityException {
    int begin = content.indexOf(BEGIN);
    int end = content.indexOf(END);
    if (begin < 0 || end < begin) {
      throw unreadable(field);
    }
    byte[] bytes =
        Base64.getMimeDecoder().decode(content.substring(begin + BEGIN.length(), end).strip());
    for (String kind : List.of("RSA", "EC", "Ed25519")) {
      Optional<PrivateKey> key = key(kind, new PKCS8EncodedKeySpec(bytes));
      if (key.isPresent()) {
        return of(field, key.get(), id);
      }
    }
    throw unreadable(field);
  }

  private static Optional<PrivateKey> key(String kind, PKCS8EncodedKeySpec spec)
      throws NoSuchAlgorithmException {
    try {
      return Optional.of(KeyFactory.getInstance(kind).generatePrivate(spec));
    } catch (InvalidKeySpecException e) {
      return Optional.empty(); // a key of another kind
    }
  }

  private static SigningKey of(String field, PrivateKey key, @Nullable String id) {
    JWSAlgorithm algorithm =
        switch (key) {
          case RSAPrivateKey rsa when rsa.getModulus().bitLength() >= LEAST_RSA_BITS ->
              JWSAlgorithm.RS256;
          case RSAPrivateKey rsa ->
              throw new InvalidEntryException(
                  field
                      + " has an RSA key of "
                      + rsa.getModulus().bitLength()
                      + " bits; it must have "
                      + LEAST_RSA_BITS
                      + " or more");
          case ECPrivateKey ec -> curve(field, ec);
          case EdECPrivateKey _ -> JWSAlgorithm.EdDSA;
          default -> throw unreadable(field);
        };
    return new SigningKey(algorithm, id, key);
  }

  private static JWSAlgorithm curve(String field, ECPrivateKey key) {
    Curve curve = Curve.forECParameterSpec(key.getParams());
    if (Curve.P_256.equals(curve)) {
      return JWSAlgorithm.ES256;
    }
    if (Curve.P_384.equals(curve)) {
      return JWSAlgorithm.ES384;
    }
    if (Curve.P_521.equals(curve)) {
      return JWSAlgorithm.ES512;
    }
    throw new InvalidEntryException(
        field + " has a key on another curve than P-256, P-384 and P-521; use one of them");
  }

  private static InvalidEntryException unreadable(String field) {
    return new InvalidEntryException(
        field
            + " names a file without a private key; it must be PEM as `openssl genpkey` and"
            + " `openssl pkcs8 -topk8 -nocrypt` write it (BEGIN PRIVATE KEY), of RSA, P-256 or"
            + " Ed25519, or a private JSON Web Key");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return algorithm + (id == null ? "" : " " + id);
  }
}
