package dev.longhaul.load;

/**
 * Estimates the memory for a body while it arrives: bytes, text, and the parsed tree. A tree can be
 * 40 times as large as its text ({@code {},{},…} has an object of about 100 bytes per three
 * characters), so structural characters outside of strings are counted too.
 */
final class JsonWeight {
  /** The received bytes, the same as one array, the text, and the strings created from it. */
  static final int BYTE = 6;

  /** An empty object or array. */
  static final int CONTAINER = 100;

  /** A name with its entry in the object's table. */
  static final int NAME = 100;

  /** A value. */
  static final int VALUE = 24;

  private boolean inString;
  private boolean escaped;

  /** The weight of the next bytes. */
  long of(byte[] bytes, int from, int count) {
    long weight = (long) count * BYTE;
    for (int i = from; i < from + count; i++) {
      byte b = bytes[i];
      if (escaped) {
        escaped = false;
      } else if (inString) {
        escaped = b == '\\';
        inString = b != '"';
      } else {
        switch (b) {
          case '"' -> inString = true;
          case '{', '[' -> weight += CONTAINER;
          case ':' -> weight += NAME;
          case ',' -> weight += VALUE;
          default -> {}
        }
      }
    }
    return weight;
  }
}
