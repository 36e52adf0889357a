package dev.longhaul.project.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the tables of helm/longhaul/README.md from values.yaml: a value is a line {@code name:
 * default}, and the comment above it is its meaning. A table follows a comment {@code <!-- values:
 * … -->}, which names the top-level values that it lists.
 */
final class ChartReadme {
  private static final Pattern TABLE = Pattern.compile("(<!-- values: (.*) -->\n)(?:\\|.*\n)*");
  private static final Pattern LINE = Pattern.compile("( *)([A-Za-z]+):(?: (.*))?");
  private static final Pattern COMMENT = Pattern.compile(" *# (.*)");

  /** A value that can be set: its path, its default as values.yaml has it, what it means. */
  record Value(String path, String byDefault, String meaning) {
    String group() {
      return path.replaceAll("\\..*", "");
    }
  }

  private ChartReadme() {}

  /**
   * The document with updated tables.
   *
   * @throws IllegalStateException if a value has no comment or is in no table
   */
  static String updated(String document, String valuesYaml) {
    List<Value> values = values(valuesYaml);
    List<String> listed = new ArrayList<>();
    String updated =
        TABLE
            .matcher(document)
            .replaceAll(found -> {
              List<String> groups = List.of(found.group(2).split(" ", -1));
              listed.addAll(groups);
              return Matcher.quoteReplacement(found.group(1) + table(values, groups));
            });
    for (Value value : values) {
      if (!listed.contains(value.group())) {
        throw new IllegalStateException(value.path() + " is in no table of the chart's README");
      }
    }
    return updated;
  }

  /**
   * The values of values.yaml.
   *
   * @throws IllegalStateException if one has no comment
   */
  static List<Value> values(String valuesYaml) {
    List<Value> values = new ArrayList<>();
    List<String> path = new ArrayList<>();
    String comment = "";
    List<String> lines = valuesYaml.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i));
      Matcher remark = COMMENT.matcher(lines.get(i));
      if (remark.matches()) {
        comment = remark.group(1);
      } else if (line.matches()) {
        int depth = line.group(1).length() / 2;
        path.subList(depth, path.size()).clear();
        path.add(line.group(2));
        String byDefault = line.group(3);
        boolean resources = "resources".equals(line.group(2));
        if (byDefault != null || resources) {
          if (comment.isEmpty()) {
            throw new IllegalStateException(path + " has no comment in values.yaml");
          }
          String shown = resources ? lines.get(++i).strip() + ", " + lines.get(++i).strip() : "";
          values.add(new Value(String.join(".", path), resources ? shown : byDefault, comment));
        }
        comment = "";
      } else if (!lines.get(i).isBlank()) {
        throw new IllegalStateException("values.yaml: " + lines.get(i));
      } else {
        comment = "";
      }
    }
    return values;
  }

  private static String table(List<Value> values, List<String> groups) {
    StringBuilder table = new StringBuilder("| value | default | meaning |\n| --- | --- | --- |\n");
    for (Value value : values) {
      if (groups.contains(value.group())) {
        String shown = "\"\"".equals(value.byDefault()) ? "" : "`" + value.byDefault() + "`";
        table
            .append("| `")
            .append(value.path())
            .append("` | ")
            .append(shown)
            .append(" | ")
            .append(value.meaning())
            .append(" |\n");
      }
    }
    return table.toString();
  }
}
