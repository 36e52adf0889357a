package dev.longhaul.mcp.timeout;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Values by client name. A key that ends with {@code *} matches every name with that prefix; an
 * exact match wins, then the longest prefix.
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
        .filter(entry -> name.startsWith(prefix(entry.getKey())))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue);
  }

  private static String prefix(String pattern) {
    return pattern.substring(0, pattern.length() - 1);
  }
}
