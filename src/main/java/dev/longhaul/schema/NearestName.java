package dev.longhaul.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Finds the known name nearest to a misspelt one. */
public final class NearestName {
  private NearestName() {}

  /** The message for an unknown name, with a suggestion. */
  public static String unknown(String name, Collection<String> known) {
    return nearest(name, known)
        .map(meant -> "unknown; did you mean \"" + meant + "\"?")
        .orElseGet(
            () -> "unknown; known are " + String.join(", ", known.stream().sorted().toList()));
  }

  /** The nearest known name; empty if none is near. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    return nearest(name, known, meant -> Math.max(2, meant / 3));
  }

  /** The known name that differs in one or two letters only. */
  public static Optional<String> misspelt(String name, Collection<String> known) {
    return nearest(name, known, meant -> Math.clamp(meant / 4, 1, 2));
  }

  private static Optional<String> nearest(
      String name, Collection<String> known, IntUnaryOperator most) {
    return known.stream()
        .sorted()
        .min(Comparator.comparingInt((String k) -> distance(name, k)))
        .filter(meant -> distance(name, meant) <= most.applyAsInt(meant.length()));
  }

  /** Levenshtein's distance, without case, underscores and dashes. */
  private static int distance(String one, String other) {
    String a = plain(one);
    String b = plain(other);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  private static String plain(String name) {
    String shortened = name.length() > 64 ? name.substring(0, 64) : name;
    return shortened.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
  }
}
