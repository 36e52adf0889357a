package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Settings of tools that no tool reads stop the start; those that are read never do. */
class UnreadSettingsTest {
  private static final List<String> TOOLS =
      List.of("export", "count_rows", "Files.countRows-2", "files");
  private final StandardEnvironment environment = new StandardEnvironment();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "longhaul.tools.export.timeout: 7s",
        "longhaul.tools.export.breaker-failures: 1",
        "longhaul.tools.export.breakerFailures: 1",
        "longhaul.tools.export.backoff: 1s,2s",
        "longhaul.tools.export.backoff: [1s, 2s]",
        "longhaul.tools.count_rows.cache: 7s",
        "longhaul.tools.count-rows.task-support: optional",
        "longhaul.tools.[count_rows].estimate: 7s",
        "longhaul.tools.[Files.countRows-2].hold: 7s",
        "longhaul.tools.Files.countRows-2.hold: 7s",
        "longhaul.tools.files.hold: 7s",
        "longhaul.tools.scan-packages: com.example",
        "longhaul.tools.scan-packages: [com.example, com.example.more]",
        "longhaul.tools: /opt/tools",
        "longhaul.toolset.export: 1",
        "longhaul.worker.drain: 1s",
      })
  void whatIsReadIsFine(String yaml) throws IOException {
    yaml(yaml);
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exprot.timeout | the tool exprot is unknown; did you mean \"export\"?",
        "count_row.timeout | the tool count_row is unknown; did you mean \"count_rows\"?",
        "import_all_orders.timeout | the tool import_all_orders is unknown; known are"
            + " Files.countRows-2, count_rows, export, files",
        "export.timeuot | the setting timeuot is unknown; did you mean \"timeout\"?",
        "export.timeout.seconds | the setting timeout.seconds is unknown; known are attempts,"
            + " backoff, breaker-failures, breaker-open, cache, cache-scope, cache-when, cacheable,"
            + " concurrency, estimate, execution, hold, permanent-exceptions, poll-interval, priority, queue, rate, repeatable, task-support, timeout",
        "files.cuont.timeout | the tool files.cuont is unknown; known are"
            + " Files.countRows-2, count_rows, export, files",
        "[Files.countRow-2].timeout | the tool Files.countRow-2 is unknown; did you mean"
            + " \"Files.countRows-2\"?",
        "scan-package | the tool scan-package is unknown; did you mean \"scan-packages\"?",
      })
  void whatNobodyReadsIsNamedWithTheNearestName(String setting, String problem) throws IOException {
    yaml("longhaul.tools." + setting + ": 7s");
    assertThat(problems())
        .singleElement()
        .satisfies(said -> {
          assertThat(said)
              .startsWith("longhaul.tools" + (setting.startsWith("[") ? "" : ".") + setting + " (")
              .contains("yaml")
              .contains("- 1:");
          assertThat(said).endsWith(": " + problem);
        });
  }

  @Test
  void aToolWithoutASettingSaysNothing() throws IOException {
    yaml("longhaul.tools.export: inline");
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("says nothing; name a setting, one of execution, queue, priority,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LONGHAUL_TOOLS",
        "LONGHAUL_TOOLS_EXPORT_TIMEOUT",
        "LONGHAUL_TOOLS_EXPORT_BREAKER_FAILURES",
        "LONGHAUL_TOOLS_EXPORT_BREAKERFAILURES",
        "LONGHAUL_TOOLS_EXPORT_BACKOFF_0",
        "LONGHAUL_TOOLS_COUNT_ROWS_HOLD",
        "LONGHAUL_TOOLS_COUNTROWS_HOLD",
        "LONGHAUL_TOOLS_FILES_COUNTROWS2_HOLD",
        "LONGHAUL_TOOLS_SCAN_PACKAGES",
        "LONGHAUL_TOOLS_SCANPACKAGES_1",
        "longhaul.tools.export.timeout",
        // As Kubernetes makes them for a service that is called longhaul-tools.
        "LONGHAUL_TOOLS_SERVICE_HOST",
        "LONGHAUL_TOOLS_SERVICE_PORT",
        "LONGHAUL_TOOLS_PORT",
        "LONGHAUL_TOOLS_PORT_80_TCP_ADDR",
      })
  void variablesThatAreReadOrAreNoSettingsAreFine(String variable) {
    variables(Map.of(variable, "1"));
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "LONGHAUL_TOOLS_EXPROT_TIMEOUT, LONGHAUL_TOOLS_EXPORT_TIMEOUT",
    "LONGHAUL_TOOLS_EXPORT_TIMEUOT, LONGHAUL_TOOLS_EXPORT_TIMEOUT",
    "LONGHAUL_TOOLS_COUNT_ROWS_BREAKEROPEN, LONGHAUL_TOOLS_COUNT_ROWS_BREAKER_OPEN",
  })
  void aVariableThatNobodyReadsIsNamedWithTheOneThatIs(String variable, String meant) {
    variables(Map.of(variable, "1"));
    assertThat(problems())
        .containsExactly(
            variable
                + " in the environment: no tool's setting is called like that; did you mean "
                + meant
                + "?");
  }

  @Test
  void aVariableOfAToolThatIsNotThereIsRefused() {
    variables(Map.of("LONGHAUL_TOOLS_IMPORT_ALL_ORDERS_TIMEOUT", "1s"));
    assertThat(problems())
        .containsExactly(
            "LONGHAUL_TOOLS_IMPORT_ALL_ORDERS_TIMEOUT in the environment: no tool's setting is"
                + " called like that");
  }

  @Test
  void everyProblemIsToldAtOnceWithWhatToDo() throws IOException {
    yaml("longhaul.tools:\n  exprot.timeout: 7s\n  export.hodl: 1s");
    var tools = new RegisteredTools();
    tools.register(Tools.queued("export", _ -> Tools.text("")));
    assertThatThrownBy(() -> new UnreadSettings(environment, tools).start())
        .isInstanceOfSatisfying(
            ToolSettingsException.class,
            e -> {
              var analysis = new ToolSettingsFailureAnalyzer().analyze(e);
              assertThat(analysis).isNotNull();
              assertThat(analysis.getDescription())
                  .startsWith("Settings under longhaul.tools that nobody reads:\n- ")
                  .contains("did you mean \"export\"?", "did you mean \"hold\"?");
              assertThat(analysis.getAction())
                  .contains("The tools of this process are export;", "LONGHAUL_TOOLS");
            });
  }

  private List<String> problems() {
    return UnreadSettings.problems(environment, TOOLS);
  }

  private void yaml(String text) throws IOException {
    var source = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
    new YamlPropertySourceLoader()
        .load("yaml", source)
        .forEach(environment.getPropertySources()::addLast);
  }

  private void variables(Map<String, Object> variables) {
    String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    environment
        .getPropertySources()
        .replace(name, new SystemEnvironmentPropertySource(name, variables));
  }
}
