package dev.longhaul.job;

/** Computes the length of texts in UTF-8 without a copy, which could be megabytes. */
public final class Utf8 {
  private Utf8() {}

  /** The number of bytes of a text. */
  public static long length(CharSequence text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += length(text.charAt(i));
    }
    return bytes;
  }

  /** The number of bytes of a character; half of a pair counts two of its four bytes. */
  public static int length(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
