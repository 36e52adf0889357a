package dev.longhaul.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.ToolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables of docs/configuration.md match the code. With {@code
 * -Dlonghaul.configuration.write=true} they are written: {@code make configuration}.
 */
class ConfigurationTableTest {
  private static final Path METADATA =
      Path.of("target/classes/META-INF/spring-configuration-metadata.json");
  private static final Path DOCUMENT = Path.of("docs/configuration.md");
  private static final String TOOL = "| `longhaul.tools.<name>.";

  @Test
  void theDocumentHasEverySettingAsTheCodeHasIt() throws IOException {
    String document = Files.readString(DOCUMENT);
    String updated = ConfigurationDocument.updated(document, settings());
    if (Boolean.getBoolean("longhaul.configuration.write")) {
      Files.writeString(DOCUMENT, updated);
      return;
    }
    assertThat(document)
        .as("docs/configuration.md is out of date; run: make configuration")
        .isEqualTo(updated);
  }

  @Test
  void theDocumentHasEverySettingOfATool() throws IOException {
    List<String> settings =
        Arrays.stream(ToolSettings.class.getRecordComponents())
            .map(component -> TOOL + kebab(component.getName()))
            .toList();
    assertThat(
            Files.readString(DOCUMENT)
                .lines()
                .filter(line -> line.startsWith(TOOL))
                .map(line -> line.substring(0, line.indexOf('`', TOOL.length()))))
        .containsExactlyInAnyOrderElementsOf(settings);
  }

  private static List<JsonNode> settings() throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(METADATA))
        .path("properties")
        .valueStream()
        .filter(property -> property.path("name").asString().startsWith("longhaul."))
        .toList();
  }

  private static String kebab(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
