package dev.longhaul.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A caller's name for one piece of work: submitted again under the same key with the same arguments
 * it is the same job. Only digests are kept, so a key of any length costs the same.
 *
 * @param digest digest of who calls, what method, and the key
 * @param arguments digest of what is called with which arguments, in a canonical form
 */
public record IdempotencyKey(String digest, String arguments) {
  private static final int BYTES = 16;

  /** The longest key a caller may choose, in characters. */
  public static final int MAX_LENGTH = 255;

  /** What a key has to be, in words. */
  public static final String RULE = "must be a string of 1 to " + MAX_LENGTH + " characters";

  /** Whether a text can be a key. */
  public static boolean fits(String text) {
    return !text.isBlank() && text.length() <= MAX_LENGTH;
  }

  /**
   * Makes the digests.
   *
   * @param owner who calls; two callers may choose the same key
   * @param method the MCP method
   * @param key what the caller chose
   * @param canonicalParams the params in a form in which equal ones are equal texts
   */
  public static IdempotencyKey of(String owner, String method, String key, String canonicalParams) {
    return new IdempotencyKey(digest(owner, method, key), digest(method, canonicalParams));
  }

  private static String digest(String... parts) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        // The length in front, so that no two lists of parts look alike.
        sha256.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha256.update(bytes);
      }
      return HexFormat.of().formatHex(sha256.digest(), 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
