package dev.longhaul.queue.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts a script together from its own text and from those definitions of the shared files that it
 * uses, directly or through others: Redis runs the whole text with each call, and to make a closure
 * that is never called takes about as long as a small command.
 *
 * <p>A definition begins in the first column with {@code local}, or with the assignment of a name
 * that was declared before, and goes on to the next one. A script may have one function with the
 * line {@value #MARK}; definitions that are used only behind it in this function are put there, so
 * that they are made only when the function is called.
 */
final class ScriptText {
  /** The line behind which definitions are made on demand. */
  static final String MARK = "-- Definitions";

  private static final Pattern START =
      Pattern.compile(
          "local function (?<function>\\w+)|local (?<names>\\w+(, \\w+)*)|(?<set>\\w+) = ");
  private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*--.*\\R?");
  private static final Pattern STRING = Pattern.compile("'[^'\\n]*'|\"[^\"\\n]*\"");
  private static final Pattern WORD = Pattern.compile("(?<![.:\\w])[A-Za-z_]\\w*");

  private ScriptText() {}

  /**
   * A top-level statement of a shared file.
   *
   * @param names what it defines
   * @param uses the words in it
   */
  private record Definition(Set<String> names, String text, Set<String> uses) {
    boolean isOneOf(Set<String> needed) {
      return names.stream().anyMatch(needed::contains);
    }
  }

  /**
   * @param shared the texts of the shared files, in order
   * @param own the script's own text
   */
  static String assemble(List<String> shared, String own) {
    List<Definition> all = shared.stream().flatMap(text -> definitions(text).stream()).toList();
    int mark = own.indexOf("\n  " + MARK + "\n");
    if (mark < 0) {
      String plain = withoutComments(own);
      return text(all, needed(all, words(plain)), Set.of()) + plain;
    }
    int end = own.indexOf("\nend\n", mark) + 1;
    String before = withoutComments(own.substring(0, mark + 1));
    String within = withoutComments(own.substring(mark + 1, end));
    String after = withoutComments(own.substring(end));
    Set<String> first = needed(all, words(before + after));
    Set<String> onDemand = needed(all, words(within));
    return text(all, first, Set.of()) + before + text(all, onDemand, first) + within + after;
  }

  private static String withoutComments(String text) {
    return COMMENT.matcher(text).replaceAll("");
  }

  private static String text(List<Definition> all, Set<String> needed, Set<String> known) {
    return all.stream()
        .filter(one -> one.isOneOf(needed) && !one.isOneOf(known))
        .map(Definition::text)
        .collect(Collectors.joining());
  }

  // Everything that the words stand for, and what that needs.
  private static Set<String> needed(List<Definition> all, Set<String> words) {
    Set<String> needed = new HashSet<>(words);
    int size;
    do {
      size = needed.size();
      all.stream().filter(one -> one.isOneOf(needed)).forEach(one -> needed.addAll(one.uses()));
    } while (needed.size() > size);
    return needed;
  }

  private static List<Definition> definitions(String text) {
    List<Definition> found = new ArrayList<>();
    Set<String> names = Set.of();
    StringBuilder lines = new StringBuilder();
    for (String line : withoutComments(text).split("\n", -1)) {
      Matcher start = START.matcher(line);
      if (start.lookingAt()) {
        add(found, names, lines);
        names = names(start);
      }
      if (!line.isBlank()) {
        lines.append(line).append('\n');
      }
    }
    add(found, names, lines);
    return found;
  }

  private static void add(List<Definition> found, Set<String> names, StringBuilder lines) {
    if (!lines.isEmpty()) {
      String text = lines.toString();
      found.add(new Definition(names, text, words(text)));
      lines.setLength(0);
    }
  }

  private static Set<String> names(Matcher start) {
    if (start.group("function") != null) {
      return Set.of(start.group("function"));
    }
    if (start.group("names") != null) {
      return Set.copyOf(Arrays.asList(start.group("names").split(", ", -1)));
    }
    return Set.of(start.group("set"));
  }

  private static Set<String> words(String text) {
    return WORD.matcher(STRING.matcher(text).replaceAll("''"))
        .results()
        .map(match -> match.group())
        .collect(Collectors.toSet());
  }
}
