package dev.longhaul.gateway.process;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Removes configured values, which may be secrets, and control characters from a text. */
final class Redaction {
  // Shorter values are no secrets, and are found in any text.
  private static final int SHORTEST_SECRET = 6;

  private final List<String> secrets;

  Redaction(Collection<String> values) {
    // The longest first, because one may contain another.
    this.secrets =
        values.stream()
            .filter(value -> value.length() >= SHORTEST_SECRET)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  String of(String text) {
    String redacted = text;
    for (String secret : secrets) {
      redacted = redacted.replace(secret, "***");
    }
    // A line must not pass for several, nor change a terminal.
    return redacted.replaceAll("\\p{Cntrl}", " ");
  }
}
