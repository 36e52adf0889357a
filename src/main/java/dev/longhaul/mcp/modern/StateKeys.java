package dev.longhaul.mcp.modern;

import dev.longhaul.job.RandomText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign {@code requestState}. Of the configured keys the first one signs and all are
 * accepted, so that keys can be rotated; without any, the first process creates one that all share
 * through Redis.
 */
final class StateKeys {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_LENGTH = 16;
  private static final int KEY_BYTES = 32;

  private final List<byte[]> configured;
  private final StateStore store;
  private volatile byte @Nullable [] shared;

  /**
   * @param configured secrets of at least 16 characters, the one that signs first; may be empty
   * @throws IllegalArgumentException if one is too short
   */
  StateKeys(List<String> configured, StateStore store) {
    if (configured.stream().anyMatch(key -> key.length() < MIN_LENGTH)) {
      throw new IllegalArgumentException(
          "Each of longhaul.mcp.request-state-keys must have at least "
              + MIN_LENGTH
              + " characters; make one with: openssl rand -base64 32");
    }
    this.configured = configured.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toList();
    this.store = store;
  }

  byte[] sign(String text) {
    return mac(configured.isEmpty() ? sharedKey() : configured.getFirst(), text);
  }

  boolean verify(String text, byte[] signature) {
    if (configured.isEmpty()) {
      return MessageDigest.isEqual(mac(sharedKey(), text), signature);
    }
    boolean valid = false;
    for (byte[] key : configured) {
      valid |= MessageDigest.isEqual(mac(key, text), signature);
    }
    return valid;
  }

  /** Marks a nonce as used; returns whether it was unused. */
  boolean use(String nonce, Duration life) {
    return store.use(nonce, life);
  }

  private byte[] sharedKey() {
    byte[] known = shared;
    if (known == null) {
      byte[] made = RandomText.bytes(KEY_BYTES);
      known = Base64.getDecoder().decode(store.key(Base64.getEncoder().encodeToString(made)));
      shared = known;
    }
    return known;
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
