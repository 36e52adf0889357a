package dev.longhaul.security.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes secrets and their digests. */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 8;

  private Secrets() {}

  /** A new secret: 256 random bits, which nobody can guess, so that its digest needs no salt. */
  static String next() {
    return ApiKeys.PREFIX
        + Base64.getUrlEncoder().withoutPadding().encodeToString(random(SECRET_BYTES));
  }

  /** A new generation of a key, or version of all of them. */
  static String nextId() {
    return HexFormat.of().formatHex(random(ID_BYTES));
  }

  /** The SHA-256 of a secret, in hexadecimal. */
  static String digest(String secret) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Compares digests in a time that does not depend on where they differ. */
  static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }
}
