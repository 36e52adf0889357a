package dev.longhaul.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.request.RequestSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The tables of request fields match the schemas. With {@code -Dlonghaul.configuration.write=true}
 * they are written: {@code make configuration}.
 */
class RequestTablesTest {
  private static final Pattern TABLE =
      Pattern.compile("(<!-- fields of ([a-z-]+\\.json) -->\n)(?:\\|.*\n)*");

  @ParameterizedTest
  @ValueSource(strings = {"docs/rest.md", "docs/flows.md"})
  void theDocumentHasEveryFieldAsTheSchemaHasIt(String file) throws IOException {
    Path path = Path.of(file);
    String document = Files.readString(path);
    Matcher tables = TABLE.matcher(document);
    assertThat(tables.results()).isNotEmpty();
    String updated =
        tables.replaceAll(
            found -> Matcher.quoteReplacement(found.group(1) + table(found.group(2))));
    if (Boolean.getBoolean("longhaul.configuration.write")) {
      Files.writeString(path, updated);
      return;
    }
    assertThat(document).as("%s is out of date; run: make configuration", file).isEqualTo(updated);
  }

  private static String table(String schema) {
    JsonNode whole = RequestSchema.of(schema).whole();
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    whole.path("oneOf").forEach(form -> form.path("properties").forEachEntry(fields::putIfAbsent));
    whole.path("properties").forEachEntry(fields::putIfAbsent);
    StringBuilder table = new StringBuilder("| field | value | meaning |\n| --- | --- | --- |\n");
    fields.forEach((name, field) ->
        table
            .append("| `")
            .append(name)
            .append("` | ")
            .append(value(name, field))
            .append(" | ")
            .append(field.path("description").asString())
            .append(" |\n"));
    return table.toString();
  }

  private static String value(String name, JsonNode field) {
    if (field.has("oneOf")) {
      return field.path("oneOf").path(0).has("properties")
          ? "object"
          : field
              .path("oneOf")
              .valueStream()
              .map(one -> value(name, one))
              .distinct()
              .collect(Collectors.joining(" or "));
    }
    String type = field.path("type").asString();
    return switch (type) {
      case "string" ->
          field.has("format")
              ? "time (RFC 3339)"
              : field.has("maxLength")
                  ? "text of 1 to " + field.path("maxLength") + " characters"
                  : "text";
      case "integer" ->
          "whole number"
              + (field.path("maximum").asInt() == Integer.MAX_VALUE
                  ? " above 0"
                  : " of " + field.path("minimum") + " to " + field.path("maximum"));
      case "number" -> name.endsWith("_seconds") ? "seconds" : "number";
      case "boolean" -> "`true` or `false`";
      case "array" ->
          "list"
              + (field.has("maxItems") ? " of at most " + field.path("maxItems") : "")
              + (name.endsWith("_seconds") ? ", seconds" : "");
      default -> type;
    };
  }
}
