package dev.longhaul.mcp.patience;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Values by the name that a client gives itself. A name that ends with {@code *} stands for all
 * names that begin like it; the exact name wins, then the longest beginning.
 *
 * @param values the values by name
 */
public record ClientNames<T>(Map<String, T> values) {

  public ClientNames {
    values = Map.copyOf(values);
  }

  /** The value for a client of this name. */
  public Optional<T> find(String name) {
    T exact = values.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("*"))
        .filter(entry -> name.startsWith(beginning(entry.getKey())))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue);
  }

  private static String beginning(String pattern) {
    return pattern.substring(0, pattern.length() - 1);
  }
}
