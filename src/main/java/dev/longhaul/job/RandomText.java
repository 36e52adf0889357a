package dev.longhaul.job;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Random that nobody can guess: ids, nonces and keys. */
public final class RandomText {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomText() {}

  /** Fills it. */
  public static void fill(byte[] bytes) {
    RANDOM.nextBytes(bytes);
  }

  public static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    fill(bytes);
    return bytes;
  }

  /** So many random bytes as hex digits, two for each. */
  public static String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  /** So many random bytes as URL-safe Base64. */
  public static String base64(int bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
  }
}
