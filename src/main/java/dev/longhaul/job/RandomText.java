package dev.longhaul.job;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Generates unpredictable random texts for ids, nonces and keys. */
public final class RandomText {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomText() {}

  /** Fills the array with random bytes. */
  public static void fill(byte[] bytes) {
    RANDOM.nextBytes(bytes);
  }

  public static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    fill(bytes);
    return bytes;
  }

  /** That number of random bytes as hexadecimal digits, two for each. */
  public static String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  /** That number of random bytes as URL-safe Base64. */
  public static String base64(int bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
  }
}
