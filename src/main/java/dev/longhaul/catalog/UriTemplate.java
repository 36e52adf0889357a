package dev.longhaul.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URI template (RFC 6570) with {@code {name}} for one path segment or a part of it, as in Spring
 * AI's server, and {@code {?a,b}} at the end for a query.
 *
 * <p>Values are returned as in the URI, with percent-encoding. Matching uses no regular expression,
 * so that its time is linear for any URI.
 */
public final class UriTemplate {
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z0-9_.%-]+)}");
  private static final Pattern QUERY = Pattern.compile("\\{\\?([A-Za-z0-9_.,-]+)}$");

  private final String text;
  private final List<String> names = new ArrayList<>();

  /** The literals before, between and after the variables, one more than there are variables. */
  private final List<String> literals = new ArrayList<>();

  private final List<String> queryNames;

  private final boolean matched;

  private UriTemplate(String text, List<String> queryNames) {
    this.text = text;
    this.queryNames = queryNames;
    this.matched = false;
  }

  private UriTemplate(String text) {
    this.text = text;
    this.matched = true;
    Matcher query = QUERY.matcher(text);
    boolean hasQuery = query.find();
    this.queryNames = hasQuery ? List.of(query.group(1).split(",", -1)) : List.of();
    String path = hasQuery ? text.substring(0, query.start()) : text;
    Matcher variable = VARIABLE.matcher(path);
    int end = 0;
    while (variable.find()) {
      literals.add(literal(path.substring(end, variable.start())));
      if (!names.isEmpty() && literals.getLast().isEmpty()) {
        throw new IllegalArgumentException(
            "There is nothing between two variables of '"
                + text
                + "', so they cannot be told apart");
      }
      if (names.contains(variable.group(1))) {
        throw new IllegalArgumentException(
            "The variable " + variable.group(1) + " occurs twice in '" + text + "'");
      }
      names.add(variable.group(1));
      end = variable.end();
    }
    literals.add(literal(path.substring(end)));
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it uses other features of RFC 6570
   */
  public static UriTemplate of(String text) {
    return new UriTemplate(text);
  }

  /** A template of any form that is only listed: no URI matches it. */
  public static UriTemplate unmatched(String text) {
    return new UriTemplate(text, List.of());
  }

  private String literal(String part) {
    if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a supported URI template; write {name} for each variable and"
              + " {?a,b} at the end for a query");
    }
    return part;
  }

  /** The names of the path variables in order. */
  public List<String> variables() {
    return List.copyOf(names);
  }

  /** The values of the variables, or empty if the URI does not match. */
  public Optional<Map<String, String>> match(String uri) {
    if (!matched) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    String path = uri;
    int mark = uri.indexOf('?');
    if (!queryNames.isEmpty() && mark >= 0) {
      path = uri.substring(0, mark);
      if (!readQuery(uri.substring(mark + 1), values)) {
        return Optional.empty();
      }
    }
    return readPath(path, values) ? Optional.of(values) : Optional.empty();
  }

  private boolean readPath(String path, Map<String, String> values) {
    String first = literals.getFirst();
    String last = literals.getLast();
    if (names.isEmpty()) {
      return path.equals(first);
    }
    if (!path.startsWith(first)
        || !path.endsWith(last)
        || path.length() < first.length() + last.length()) {
      return false;
    }
    // From the right, like a greedy match: ambiguous parts go to the variable further left.
    int to = path.length() - last.length();
    for (int i = names.size() - 1; i >= 0; i--) {
      String before = literals.get(i);
      int start = i == 0 ? 0 : path.lastIndexOf(before, to - 1 - before.length());
      int from = start + before.length();
      if (start < 0 || from >= to || path.substring(from, to).indexOf('/') >= 0) {
        return false;
      }
      values.put(names.get(i), path.substring(from, to));
      to = start;
    }
    return true;
  }

  private boolean readQuery(String query, Map<String, String> values) {
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!queryNames.contains(name) || values.containsKey(name)) {
        return false;
      }
      values.put(name, equals < 0 ? "" : pair.substring(equals + 1));
    }
    return true;
  }

  /** The template as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
