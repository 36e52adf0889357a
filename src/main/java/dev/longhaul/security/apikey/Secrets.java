package dev.longhaul.security.apikey;

import dev.longhaul.job.Digest;
import dev.longhaul.job.RandomText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Makes secrets and their digests. */
final class Secrets {
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 8;

  private Secrets() {}

  /** A new secret: 256 random bits, which nobody can guess, so that its digest needs no salt. */
  static String next() {
    return ApiKeys.PREFIX + RandomText.base64(SECRET_BYTES);
  }

  /** A new generation of a key, or version of all of them. */
  static String nextId() {
    return RandomText.hex(ID_BYTES);
  }

  /** The SHA-256 of a secret, in hexadecimal. */
  static String digest(String secret) {
    return Digest.sha256(secret);
  }

  /** Compares digests in a time that does not depend on where they differ. */
  static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
