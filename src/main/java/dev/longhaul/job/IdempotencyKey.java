package dev.longhaul.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A caller's idempotency key: a submission with the same key and arguments gets the same job. Only
 * digests are stored, so the length of the key does not matter.
 *
 * @param digest digest of owner, method and key
 * @param arguments digest of the params in canonical form
 */
public record IdempotencyKey(String digest, String arguments) {
  private static final int BYTES = 16;

  /** The longest key a caller may choose, in characters. */
  public static final int MAX_LENGTH = 255;

  /** The rule for keys, for messages. */
  public static final String RULE = "must be a string of 1 to " + MAX_LENGTH + " characters";

  /** Whether a text is a valid key. */
  public static boolean fits(String text) {
    return !text.isBlank() && text.length() <= MAX_LENGTH;
  }

  /**
   * Computes the digests.
   *
   * @param owner the caller; different callers may use the same key
   * @param method the MCP method
   * @param key the caller's key
   * @param canonicalParams the params in canonical form
   */
  public static IdempotencyKey of(String owner, String method, String key, String canonicalParams) {
    return new IdempotencyKey(digest(owner, method, key), digest(method, canonicalParams));
  }

  private static String digest(String... parts) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        // The length comes first, so that different lists of parts give different texts.
        sha256.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha256.update(bytes);
      }
      return HexFormat.of().formatHex(sha256.digest(), 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
