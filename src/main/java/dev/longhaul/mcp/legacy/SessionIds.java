package dev.longhaul.mcp.legacy;

import dev.longhaul.job.RandomText;
import java.util.regex.Pattern;

/** Ids of sessions: 192 random bits in URL-safe Base64. */
public final class SessionIds {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{32}");
  private static final int BYTES = 24;

  private SessionIds() {}

  public static String next() {
    return RandomText.base64(BYTES);
  }

  /**
   * Whether the text has the form of an id; anything else must not become part of a key in the
   * store.
   */
  public static boolean isValid(String text) {
    return SHAPE.matcher(text).matches();
  }
}
