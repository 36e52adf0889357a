package dev.longhaul.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what is stored, with AES-256 in Galois/Counter mode (NIST SP 800-38D). The place where a
 * value is stored is bound into it: a value that somebody has moved to another place is not opened.
 * Thread-safe.
 *
 * <p>A sealed value is a version byte, the length of the key's id, the id, a random nonce of 12
 * bytes, and the encrypted content with its tag of 16 bytes. Nonces are random, so one key must not
 * seal more than 2<sup>32</sup> values.
 */
public final class Encryption {
  private static final byte VERSION = 1;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,32}");

  private final SecureRandom random = new SecureRandom();
  private final String current;
  private final Map<String, SecretKey> keys = new HashMap<>();

  /**
   * @param key what encrypts, as {@code <id>:<base64>}, where the base64 text is of 32 bytes
   * @param oldKeys what only decrypts, in the same form
   * @throws IllegalArgumentException if one has another form, or an id comes twice; the message
   *     does not contain the key
   */
  public Encryption(String key, List<String> oldKeys) {
    this.current = add(key);
    oldKeys.forEach(this::add);
  }

  private String add(String text) {
    int colon = text.indexOf(':');
    String id = colon < 0 ? "" : text.substring(0, colon).strip();
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "an encryption key must be <id>:<base64>, with an id of 1 to 32 characters of"
              + " A-Z a-z 0-9 _ . -; `openssl rand -base64 32` makes the second part");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.substring(colon + 1).strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the encryption key " + id + " is not base64", e);
    }
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "the encryption key " + id + " has " + bytes.length + " bytes; it must have 32");
    }
    if (keys.putIfAbsent(id, new SecretKeySpec(bytes, "AES")) != null) {
      throw new IllegalArgumentException("two encryption keys have the id " + id);
    }
    return id;
  }

  /** The id of the key that encrypts. */
  public String keyId() {
    return current;
  }

  /** Encrypts a text; the result has only the characters of base64url. */
  public String seal(String place, String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(seal(place, text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Decrypts a text.
   *
   * @throws SealedException if it was not sealed for this place by one of the keys
   */
  public String open(String place, String sealed) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(sealed);
    } catch (IllegalArgumentException e) {
      throw new SealedException("The value of " + place + " is not one that was encrypted.", e);
    }
    return new String(open(place, bytes), StandardCharsets.UTF_8);
  }

  /**
   * Encrypts a value.
   *
   * @param place where it will be stored, such as the name of a key and a field
   */
  public byte[] seal(String place, byte[] value) {
    byte[] id = current.getBytes(StandardCharsets.US_ASCII);
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, current, nonce, place);
      int head = 2 + id.length + NONCE;
      byte[] sealed = new byte[head + cipher.getOutputSize(value.length)];
      sealed[0] = VERSION;
      sealed[1] = (byte) id.length;
      System.arraycopy(id, 0, sealed, 2, id.length);
      System.arraycopy(nonce, 0, sealed, 2 + id.length, NONCE);
      int written = cipher.doFinal(value, 0, value.length, sealed, head);
      return head + written == sealed.length ? sealed : Arrays.copyOf(sealed, head + written);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  /**
   * Decrypts a value.
   *
   * @param place where it was stored
   * @throws SealedException if it was not sealed for this place by one of the keys
   */
  public byte[] open(String place, byte[] sealed) {
    int length = sealed.length < 2 ? 0 : sealed[1];
    int head = 2 + length + NONCE;
    if (length < 1 || sealed[0] != VERSION || sealed.length < head + TAG_BITS / 8) {
      throw new SealedException("The value of " + place + " is not one that was encrypted.", null);
    }
    String id = new String(sealed, 2, length, StandardCharsets.US_ASCII);
    if (!keys.containsKey(id)) {
      throw new SealedException(
          "The value of "
              + place
              + " was encrypted with a key that is not configured"
              + (ID.matcher(id).matches() ? ": " + id : "")
              + "; name it in longhaul.security.encryption.old-keys.",
          null);
    }
    byte[] nonce = Arrays.copyOfRange(sealed, 2 + length, head);
    try {
      return cipher(Cipher.DECRYPT_MODE, id, nonce, place)
          .doFinal(sealed, head, sealed.length - head);
    } catch (AEADBadTagException e) {
      throw new SealedException(
          "The value of "
              + place
              + " cannot be decrypted: it was changed or moved, or the key "
              + id
              + " is another one.",
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  private Cipher cipher(int mode, String id, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, keys.get(id), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((id + "\n" + place).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "encryption with the key " + current;
  }
}
