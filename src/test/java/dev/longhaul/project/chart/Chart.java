package dev.longhaul.project.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;

/** The chart in helm/longhaul, and the values in src/test/resources/helm that it is tried with. */
final class Chart {
  static final Path DIRECTORY = Path.of("helm", "longhaul").toAbsolutePath();
  private static final Path VALUES = Path.of("src", "test", "resources", "helm").toAbsolutePath();

  /** How the template of the secret asks the cluster for what an earlier install made. */
  private static final String LOOKUP = "lookup \"v1\" \"Secret\" .Release.Namespace $name";

  private Chart() {}

  /** The names of the value sets. */
  static List<String> valueSets() {
    try (Stream<Path> files = Files.list(VALUES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".yaml", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects that Helm renders, by kind and name, with one of the value sets. */
  static Map<String, Map<?, ?>> render(String valueSet) {
    return render(valueSet, _ -> {});
  }

  /**
   * The objects that Helm renders, by kind and name.
   *
   * @param more further values
   */
  static Map<String, Map<?, ?>> render(String valueSet, Consumer<TemplateCommand> more) {
    return render(valueSet, "dict", more);
  }

  /** The objects of an upgrade, whose secret for the Redis of the chart has this password. */
  static Map<String, Map<?, ?>> upgrade(String valueSet, String password) {
    String encoded = Base64.getEncoder().encodeToString(password.getBytes(UTF_8));
    return render(valueSet, "dict \"data\" (dict \"password\" \"" + encoded + "\")", _ -> {});
  }

  private static Map<String, Map<?, ?>> render(
      String valueSet, String found, Consumer<TemplateCommand> more) {
    return copied(chart -> {
      // Helm as a library leaves hooks out, and asks a cluster for lookup where there is none.
      replace(chart.resolve("templates/tests/pod.yaml"), "helm.sh/hook: test", "hook: test");
      replace(chart.resolve("templates/secret.yaml"), LOOKUP, found);
      TemplateCommand template = template(chart).withValuesFile(valuesFile(valueSet));
      more.accept(template);
      Map<String, Map<?, ?>> objects = new LinkedHashMap<>();
      for (Object read : yaml().loadAll(template.call())) {
        if (read instanceof Map<?, ?> object) {
          String name = at(object, "kind") + "/" + at(object, "metadata", "name");
          assertThat(objects.put(name, object)).as("a second %s", name).isNull();
        }
      }
      return objects;
    });
  }

  /** Helm's template command with a release, and no values but the chart's own. */
  static TemplateCommand template() {
    return template(DIRECTORY);
  }

  private static TemplateCommand template(Path chart) {
    return new Helm(chart)
        .template()
        .withName("try")
        .withNamespace("tools")
        .withKubeVersion("1.33.0");
  }

  /** What Helm tells the user after an install with one of the value sets. */
  static String notes(String valueSet) {
    String output =
        new Helm(DIRECTORY)
            .install()
            .withName("try")
            .withNamespace("tools")
            .withKubeVersion("1.33.0")
            .clientOnly()
            .dryRun()
            .withDryRunOption(DryRun.CLIENT)
            .debug()
            .withValuesFile(valuesFile(valueSet))
            .call()
            .getOutput();
    return output.substring(output.indexOf("NOTES:"));
  }

  /** What Helm's lint says of the chart with one of the value sets; lint itself takes no values. */
  static LintResult lint(String valueSet) {
    return copied(chart -> {
      Path values = chart.resolve("values.yaml");
      Files.writeString(values, yaml().dump(merged(read(values), read(valuesFile(valueSet)))));
      return new Helm(chart).lint().strict().call();
    });
  }

  static Map<?, ?> read(Path file) throws IOException {
    return yaml().load(Files.readString(file));
  }

  /** What stands at a path of names, and of numbers in lists; null if the last one is missing. */
  static Object at(Object tree, Object... path) {
    Object here = tree;
    for (Object step : path) {
      if (step instanceof Integer index) {
        assertThat(here).as("where %s should be", step).isInstanceOf(List.class);
        here = ((List<?>) here).get(index);
      } else {
        assertThat(here).as("where %s should be", step).isInstanceOf(Map.class);
        here = ((Map<?, ?>) here).get(step);
      }
    }
    return here;
  }

  /** The pod that a Deployment or StatefulSet makes, or the pod itself. */
  static Map<?, ?> podOf(Map<?, ?> object) {
    Object spec =
        "Pod".equals(object.get("kind"))
            ? object.get("spec")
            : at(object, "spec", "template", "spec");
    return (Map<?, ?>) spec;
  }

  @FunctionalInterface
  private interface WithChart<T> {
    T apply(Path chart) throws IOException;
  }

  private static <T> T copied(WithChart<T> work) {
    try {
      Path copy = Files.createTempDirectory("chart");
      try {
        FileSystemUtils.copyRecursively(DIRECTORY, copy);
        return work.apply(copy);
      } finally {
        FileSystemUtils.deleteRecursively(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void replace(Path file, String before, String after) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(before);
    Files.writeString(file, text.replace(before, after));
  }

  private static Path valuesFile(String valueSet) {
    return VALUES.resolve(valueSet + ".yaml");
  }

  private static Map<Object, Object> merged(Map<?, ?> below, Map<?, ?> above) {
    Map<Object, Object> merged = new LinkedHashMap<>(below);
    above.forEach((key, value) -> {
      Object before = merged.get(key);
      merged.put(
          key,
          before instanceof Map<?, ?> lower && value instanceof Map<?, ?> upper
              ? merged(lower, upper)
              : value);
    });
    return merged;
  }

  private static Yaml yaml() {
    var loading = new LoaderOptions();
    loading.setAllowDuplicateKeys(false);
    return new Yaml(
        new SafeConstructor(loading),
        new Representer(new DumperOptions()),
        new DumperOptions(),
        loading);
  }
}
