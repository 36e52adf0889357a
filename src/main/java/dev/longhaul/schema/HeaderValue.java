package dev.longhaul.schema;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A header that repeats a part of the body: literal text, or Base64 of UTF-8 between the markers
 * {@code =?base64?} and {@code ?=} (2026-07-28, Streamable HTTP, "Value Encoding").
 */
public final class HeaderValue {
  private static final String PREFIX = "=?base64?";
  private static final String SUFFIX = "?=";

  private HeaderValue() {}

  /** The header for a value: the value itself if a header can carry it, else its Base64. */
  public static String encode(String value) {
    boolean literal =
        value.equals(trim(value))
            && value.chars().allMatch(HeaderValue::allowed)
            && !(value.startsWith(PREFIX) && value.endsWith(SUFFIX));
    return literal
        ? value
        : PREFIX
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + SUFFIX;
  }

  /** The decoded value, or empty if the header is malformed. */
  public static Optional<String> decode(String raw) {
    String value = trim(raw);
    if (!value.chars().allMatch(HeaderValue::allowed)) {
      return Optional.empty();
    }
    // Without both markers it is literal text.
    if (!value.startsWith(PREFIX)
        || !value.endsWith(SUFFIX)
        || value.length() < PREFIX.length() + SUFFIX.length()) {
      return Optional.of(value);
    }
    return strict(value.substring(PREFIX.length(), value.length() - SUFFIX.length()));
  }

  private static Optional<String> strict(String encoded) {
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      // Java's decoder accepts missing padding and stray bits; encoding again detects both.
      if (!Base64.getEncoder().encodeToString(bytes).equals(encoded)) {
        return Optional.empty();
      }
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Without the whitespace that may surround a header's value (RFC 9110, section 5.5). */
  public static String trim(String raw) {
    int from = 0;
    int to = raw.length();
    while (from < to && isBlank(raw.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(raw.charAt(to - 1))) {
      to--;
    }
    return raw.substring(from, to);
  }

  private static boolean allowed(int c) {
    return c == '\t' || (c >= 0x20 && c <= 0x7e);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
