package dev.longhaul.schema;

/** Names in JSON Pointers (RFC 6901, section 3). */
public final class Pointers {
  private Pointers() {}

  /** Escapes a name for use in a pointer. */
  public static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** Unescapes a name from a pointer. */
  public static String unescaped(String token) {
    return token.replace("~1", "/").replace("~0", "~");
  }
}
