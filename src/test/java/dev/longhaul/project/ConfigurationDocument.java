package dev.longhaul.project;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Writes the tables of docs/configuration.md from the metadata that Spring's annotation processor
 * generates from the settings and their Javadoc. A table follows a comment {@code <!-- settings: …
 * -->}, which lists its settings: names, or prefixes such as {@code longhaul.mcp.*}. If several
 * match a setting, the longest applies.
 */
final class ConfigurationDocument {
  private static final Pattern MARKER = Pattern.compile("<!-- settings: (.*) -->");
  private static final Pattern CODE = Pattern.compile("\\{@code ((?:[^{}]|\\{[^{}]*})*)}");

  private final List<JsonNode> settings;
  private final Set<String> wanted =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  private ConfigurationDocument(List<JsonNode> settings) {
    this.settings = settings;
  }

  /**
   * The document with updated tables.
   *
   * @param document with tables that may be out of date
   * @param settings the properties of the metadata
   * @throws IllegalStateException if a setting is in no table, or a table has a name that no
   *     setting has
   */
  static String updated(String document, List<JsonNode> settings) {
    return new ConfigurationDocument(settings).write(document.lines().toList());
  }

  private String write(List<String> lines) {
    for (String line : lines) {
      var marker = MARKER.matcher(line);
      if (marker.matches()) {
        for (String one : marker.group(1).split(" ", -1)) {
          if (!wanted.add(one)) {
            throw new IllegalStateException(one + " is listed twice in docs/configuration.md");
          }
        }
      }
    }
    for (JsonNode setting : settings) {
      if (wanted.stream().noneMatch(one -> takes(one, name(setting)))) {
        throw new IllegalStateException(
            name(setting) + " is in no table: add it to one of docs/configuration.md");
      }
    }
    List<String> written = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      written.add(lines.get(i));
      var marker = MARKER.matcher(lines.get(i));
      if (marker.matches()) {
        written.add("| setting | default | meaning |");
        written.add("| --- | --- | --- |");
        for (String one : marker.group(1).split(" ", -1)) {
          written.addAll(rows(one));
        }
        while (i + 1 < lines.size() && lines.get(i + 1).startsWith("|")) {
          i++;
        }
      }
    }
    return String.join("\n", written) + "\n";
  }

  private List<String> rows(String one) {
    List<String> rows =
        settings.stream()
            .filter(setting -> one.equals(longest(name(setting))))
            .sorted(Comparator.comparing(ConfigurationDocument::name))
            .map(ConfigurationDocument::row)
            .toList();
    if (rows.isEmpty()) {
      throw new IllegalStateException("no setting is " + one + ", as docs/configuration.md has it");
    }
    return rows;
  }

  private String longest(String name) {
    return wanted.stream().filter(one -> takes(one, name)).findFirst().orElseThrow();
  }

  private static boolean takes(String one, String name) {
    return one.endsWith(".*")
        ? name.startsWith(one.substring(0, one.length() - 1))
        : name.equals(one);
  }

  private static String name(JsonNode setting) {
    return setting.path("name").asString();
  }

  private static String row(JsonNode setting) {
    JsonNode value = setting.path("defaultValue");
    String otherwise =
        value.isArray()
            ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
            : value.asString("");
    return "| `%s` | %s | %s |"
        .formatted(
            name(setting),
            otherwise.isEmpty() ? "" : "`" + otherwise + "`",
            meaning(setting.path("description").asString("")));
  }

  private static String meaning(String description) {
    String text = CODE.matcher(description.strip()).replaceAll("`$1`");
    text = text.replaceAll("\\s+", " ").replace("|", "\\|");
    if (text.isEmpty()) {
      throw new IllegalStateException("a setting has no description");
    }
    text = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
