package dev.longhaul.gateway.catalog;

import java.util.List;

/**
 * Which URIs a template of an upstream may mean: all with its literal parts in this order, since
 * only the upstream knows which features of RFC 6570 it has. Linear in the length of the URI.
 */
final class UriPattern {
  private final List<String> literals;

  private UriPattern(List<String> literals) {
    this.literals = literals;
  }

  static UriPattern of(String template) {
    return new UriPattern(List.of(template.split("\\{[^{}]*}", -1)));
  }

  boolean matches(String uri) {
    String first = literals.getFirst();
    String last = literals.getLast();
    if (literals.size() == 1) {
      return uri.equals(first);
    }
    if (!uri.startsWith(first)
        || !uri.endsWith(last)
        || uri.length() < first.length() + last.length()) {
      return false;
    }
    int at = first.length();
    int end = uri.length() - last.length();
    for (String literal : literals.subList(1, literals.size() - 1)) {
      int found = uri.indexOf(literal, at);
      if (found < 0 || found + literal.length() > end) {
        return false;
      }
      at = found + literal.length();
    }
    return true;
  }
}
