package dev.longhaul.project.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.project.chart.ChartReadme.Value;
import dev.longhaul.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The values of the chart are the same in values.yaml, its schema, its README and its templates.
 */
class ChartValuesTest {
  private static final Path README = Chart.DIRECTORY.resolve("README.md");

  /** With -Dlonghaul.configuration.write=true it is written: make configuration. */
  @Test
  void theReadmeHasEveryValueAsValuesYamlHasIt() throws IOException {
    String document = Files.readString(README);
    String updated = ChartReadme.updated(document, valuesYaml());
    if (Boolean.getBoolean("longhaul.configuration.write")) {
      Files.writeString(README, updated);
      return;
    }
    assertThat(document)
        .as("helm/longhaul/README.md is out of date; run: make configuration")
        .isEqualTo(updated);
  }

  @Test
  void theSchemaHasTheValuesOfValuesYamlAndNoOthers() throws IOException {
    assertThat(leaves())
        .containsExactlyInAnyOrderElementsOf(
            ChartReadme.values(valuesYaml()).stream().map(Value::path).toList());
  }

  @Test
  void noObjectOfTheSchemaTakesUnknownValues() throws IOException {
    List<String> open = new ArrayList<>();
    collectOpen("", schema(), open);
    assertThat(open)
        .as("objects that others describe: Helm, Kubernetes, and this application's settings")
        .containsExactlyInAnyOrder(
            "/definitions/kubernetesObject",
            "/definitions/named/items",
            "/properties/global",
            "/properties/config",
            "/properties/extraVolumeMounts/items");
  }

  @Test
  void theScopesOfApiKeysAreThoseOfTheApplication() throws IOException {
    JsonNode keys = schema().at("/properties/security/properties/apiKeys/properties/keys");

    assertThat(keys.at("/additionalProperties/properties/scopes/items/enum").valueStream())
        .extracting(JsonNode::asString)
        .containsExactlyElementsOf(Scope.texts());
  }

  @Test
  void everyValueIsUsedByATemplate() throws IOException {
    String templates = templates();
    for (String leaf : leaves()) {
      assertThat(spellings(leaf))
          .as(leaf)
          .anyMatch(spelling -> Pattern.compile(spelling).matcher(templates).find());
    }
  }

  /** How templates may name a value: whole, or what is above it and then the rest of its path. */
  private static List<String> spellings(String path) {
    List<String> spellings = new ArrayList<>(List.of("\\.Values\\." + quoted(path) + "\\b"));
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      String above = quoted(path.substring(0, dot));
      String below = quoted(path.substring(dot + 1));
      // In a block about what is above it …
      spellings.add(
          "(?s)with [$.]*(root)?\\.Values\\." + above + " [^{]*}}.{0,1800}[ (]\\." + below + "\\b");
      // … or all of it, which is written out by toYaml.
      spellings.add("toYaml [$.]*(root)?\\.Values\\." + above + "\\b");
    }
    String role = path.replaceFirst("^(api|worker)\\.", "");
    spellings.add("\\(get \\.root\\.Values \\.role\\)\\." + quoted(role) + "\\b");
    spellings.add("\\$?\\.?values\\." + quoted(role) + "\\b");
    String scaling = path.replaceFirst("^autoscaling\\.(api|worker)\\.", "");
    spellings.add("\\$scaling\\." + quoted(scaling) + "\\b");
    spellings.add("\\(get \\$\\.Values\\.autoscaling \\$role\\)\\." + quoted(scaling) + "\\b");
    if (path.startsWith("probes.")) {
      spellings.add("toYaml \\(get \\$\\.root\\.Values\\.probes \\$probe\\)");
    }
    return spellings;
  }

  private static String quoted(String path) {
    return path.replace(".", "\\.");
  }

  private static List<String> leaves() throws IOException {
    List<String> leaves = new ArrayList<>();
    collectLeaves("", schema(), leaves);
    leaves.remove("global");
    return leaves;
  }

  private static void collectLeaves(String path, JsonNode schema, List<String> leaves)
      throws IOException {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      JsonNode value = property.getValue();
      String definition = value.path("$ref").asString("").replace("#/definitions/", "");
      JsonNode resolved =
          definition.isEmpty() ? value : schema().path("definitions").path(definition);
      if (resolved.has("properties")) {
        collectLeaves(name, resolved, leaves);
      } else {
        leaves.add(name);
      }
    }
  }

  private static void collectOpen(String path, JsonNode schema, List<String> open) {
    if ("object".equals(schema.path("type").asString("")) && !schema.has("additionalProperties")) {
      open.add(path);
    }
    schema
        .properties()
        .forEach(entry -> collectOpen(path + "/" + entry.getKey(), entry.getValue(), open));
  }

  private static JsonNode schema() throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(Chart.DIRECTORY.resolve("values.schema.json")));
  }

  private static String valuesYaml() throws IOException {
    return Files.readString(Chart.DIRECTORY.resolve("values.yaml"));
  }

  private static String templates() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(Chart.DIRECTORY.resolve("templates"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }
}
