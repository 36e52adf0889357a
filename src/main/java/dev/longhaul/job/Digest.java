package dev.longhaul.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of texts, for use in keys. */
public final class Digest {
  private static final int BYTES = 16;

  private Digest() {}

  /** 32 hex digits: the first half of its SHA-256. */
  public static String of(String text) {
    return HexFormat.of().formatHex(digest(text), 0, BYTES);
  }

  /** 64 hex digits: the whole of its SHA-256. */
  public static String sha256(String text) {
    return HexFormat.of().formatHex(digest(text));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
