package dev.longhaul.gateway.auth.login;

import org.jspecify.annotations.Nullable;

/** Texts of other servers in messages: bounded, and without characters that control a terminal. */
final class Shown {
  private static final int LONGEST = 200;

  private Shown() {}

  static String text(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return "missing";
    }
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return cut.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{Sm}\\p{Sc} ]", "?");
  }
}
