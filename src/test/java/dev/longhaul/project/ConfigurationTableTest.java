package dev.longhaul.project;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.tool.ToolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table of settings in README.md says what the code says. */
class ConfigurationTableTest {
  private static final Path METADATA =
      Path.of("target/classes/META-INF/spring-configuration-metadata.json");
  private static final String TOOL = "longhaul.tools.<name>.";

  @Test
  void theReadmeListsEverySettingWithItsDefaultAndNoOther() throws IOException {
    assertThat(rows(name -> !name.startsWith(TOOL)))
        .as("README.md, Configuration; the rows should be:%n%s", suggestion())
        .isEqualTo(settings());
  }

  @Test
  void theReadmeListsEverySettingOfATool() throws IOException {
    var components =
        Arrays.stream(ToolSettings.class.getRecordComponents())
            .map(component -> TOOL + kebab(component.getName()))
            .toList();

    assertThat(rows(name -> name.startsWith(TOOL)).keySet())
        .containsExactlyInAnyOrderElementsOf(components);
  }

  /** Name to default, as the table has it. */
  private static Map<String, String> rows(Predicate<String> names) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    return readme
        .substring(readme.indexOf("<!-- configuration -->"))
        .lines()
        .skip(3)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split(" *\\| *", -1))
        .filter(cells -> names.test(cells[1].replace("`", "")))
        .collect(
            Collectors.toMap(
                cells -> cells[1].replace("`", ""),
                cells -> cells[2].replace("`", ""),
                (first, second) -> first + " twice",
                TreeMap::new));
  }

  /** Name to default, as the annotation processor found it. */
  private static Map<String, String> settings() throws IOException {
    return properties()
        .collect(
            Collectors.toMap(
                property -> property.path("name").stringValue(),
                ConfigurationTableTest::defaultOf,
                (first, second) -> first,
                TreeMap::new));
  }

  private static String suggestion() throws IOException {
    return properties()
        .map(property ->
            "| `%s` | %s | %s |"
                .formatted(
                    property.path("name").stringValue(),
                    defaultOf(property).isEmpty() ? "" : "`" + defaultOf(property) + "`",
                    property.path("description").asString("").replace('\n', ' ')))
        .sorted()
        .collect(joining("\n"));
  }

  private static Stream<JsonNode> properties() throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(METADATA))
        .path("properties")
        .valueStream()
        .filter(property -> property.path("name").stringValue().startsWith("longhaul."));
  }

  private static String defaultOf(JsonNode property) {
    JsonNode value = property.path("defaultValue");
    return value.isArray()
        ? value.valueStream().map(JsonNode::asString).collect(joining(", "))
        : value.asString("");
  }

  private static String kebab(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
