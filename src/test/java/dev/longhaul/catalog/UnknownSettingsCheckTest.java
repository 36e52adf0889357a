package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Unknown settings stop the start; known ones never do. */
@ExtendWith(OutputCaptureExtension.class)
class UnknownSettingsCheckTest {
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
        "longhaul.worker.drain: 1s",
        "longhaul.workerDrain.x: 1", // of the host application, listed below
        "longhaul.shop: 1",
        "longhaul.shop.discount.large: 1",
        "longhaul.role: api",
        "longhaul.standalone: true",
        "longhaul.http.allowedOrigins: [https://a.example, https://b.example]",
        "longhaul.cache.resources: [{uri: 'db://a', time: 5m}]",
        "longhaul.mcp.clients.claude-code.hold: 5s",
        "longhaul.mcp.clients.[Visual Studio Code].wording: 'go on with {operation_id}'",
        "longhaul.worker.pools.io.queues: [a, b]",
        "longhaul.worker.pools.io.concurrency: 7",
        "longhaul.upstreams.files: {command: npx, args: [-y, a], start-timeout: 5s}",
        "longhaul.upstreams.my.files.env: {'[API_KEY]': a, other: b}",
        "longhaul.upstreams.files.tools: {allow: [a, b], rename: {a: b}, pin: true}",
        "longhaul.upstreams.files.tools.policies.read_file.timeout: 5s",
        "longhaul.queue.weights.alice: 7",
        "longhaul.queue.weights.[lh:key:reports:1]: 7",
        "management.longhaul: 1",
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
            + " concurrency, estimate, execution, hold, permanent-exceptions, poll-interval, priority, queue, rate, repeatable, slow-after, task-support, timeout",
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "longhaul.result.ttl | unknown; did you mean \"longhaul.results.ttl\"?",
        "longhaul.mcp.pulbic-url | unknown; did you mean \"longhaul.mcp.public-url\"?",
        "longhaul.mcp.hold.seconds | unknown; did you mean \"longhaul.mcp.hold\"?",
        "longhaul.toolset.of.the.export | unknown; docs/configuration.md has every name",
        "longhaul.worker.pools.io.concurency | the setting concurency is unknown; did you mean"
            + " \"concurrency\"?",
        "longhaul.mcp.clients.claude.hodl | the setting hodl is unknown; did you mean \"hold\"?",
        "longhaul.shopping | unknown; docs/configuration.md has every name",
      })
  void aSettingThatIsNoToolsIsNamedWithTheNearestNameToo(String setting, String problem)
      throws IOException {
    yaml(setting + ": 7s");
    assertThat(problems())
        .singleElement()
        .satisfies(said -> assertThat(said).startsWith(setting + " (").endsWith(": " + problem));
  }

  @Test
  void argumentsAreReadLikeFilesAndSystemPropertiesOnlyWhereTheyAreNear() {
    environment
        .getPropertySources()
        .addFirst(new SimpleCommandLinePropertySource("--longhaul.nothing.near=1"));
    system(Map.of("longhaul.exec-jar", "a.jar", "longhaul.worker.darin", "1s"));
    assertThat(problems())
        .containsExactly(
            "longhaul.nothing.near (\"longhaul.nothing.near\" from property source"
                + " \"commandLineArgs\"): unknown; docs/configuration.md has every name",
            "longhaul.worker.darin (\"longhaul.worker.darin\" from property source"
                + " \"systemProperties\"): unknown; did you mean \"longhaul.worker.drain\"?");
  }

  @Test
  void aToolWithoutASettingSaysNothing() throws IOException {
    yaml("longhaul.tools.export: inline");
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("has no setting; add one of execution, queue, priority,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LONGHAUL_TOOLS",
        "LONGHAUL_TOOLS_EXPORT_TIMEOUT",
        "LONGHAUL_TOOL_PATH",
        "LONGHAUL_MCP_PUBLICURL",
        "LONGHAUL_MCP_PUBLIC_URL",
        "LONGHAUL_HTTP_ALLOWEDORIGINS_0",
        "LONGHAUL_CACHE_RESOURCES_0_URI",
        "LONGHAUL_WORKER_POOLS_IO_CONCURRENCY",
        "LONGHAUL_MCP_CLIENTS_CLAUDECODE_HOLD",
        "LONGHAUL_SHOP_DISCOUNT",
        "LONGHAUL_TOOLS_EXPORT_BREAKERFAILURES",
        "LONGHAUL_TOOLS_EXPORT_BACKOFF_0",
        "LONGHAUL_TOOLS_COUNTROWS_HOLD",
        "LONGHAUL_TOOLS_FILES_COUNTROWS2_HOLD",
        "LONGHAUL_TOOLS_SCAN_PACKAGES",
        "LONGHAUL_TOOLS_SCANPACKAGES_1",
        "longhaul.tools.export.timeout",
        // Set by Kubernetes for a service named longhaul-tools.
        "LONGHAUL_TOOLS_SERVICE_HOST",
        "LONGHAUL_TOOLS_SERVICE_PORT",
        "LONGHAUL_TOOLS_PORT",
        "LONGHAUL_TOOLS_PORT_80_TCP_ADDR",
        // Set by Kubernetes for services named longhaul and longhaul-worker.
        "LONGHAUL_PORT",
        "LONGHAUL_SERVICE_HOST",
        "LONGHAUL_SERVICE_PORT",
        "LONGHAUL_SERVICE_PORT_HTTP",
        "LONGHAUL_PORT_8080_TCP",
        "LONGHAUL_PORT_8080_TCP_PROTO",
        "LONGHAUL_WORKER_PORT",
        "LONGHAUL_WORKER_SERVICE_HOST",
        // Of other programs.
        "LONGHAUL_JAR",
        "LONGHAUL_HOME",
        "LONGHAUL_TEST_REDIS",
      })
  void variablesThatAreReadOrAreNoSettingsAreFine(String variable) {
    variables(Map.of(variable, "1"));
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "LONGHAUL_TOOLS_EXPROT_TIMEOUT, LONGHAUL_TOOLS_EXPORT_TIMEOUT",
    "LONGHAUL_TOOLS_EXPORT_TIMEUOT, LONGHAUL_TOOLS_EXPORT_TIMEOUT",
    // The older form, with underscores.
    "LONGHAUL_TOOLS_COUNT_ROWS_BREAKER_FAILURES, LONGHAUL_TOOLS_COUNTROWS_BREAKERFAILURES",
    "LONGHAUL_TOOLS_COUNT_ROWS_HOLD, LONGHAUL_TOOLS_COUNTROWS_HOLD",
    "LONGHAUL_TOOLS_EXPORT_BREAKER_FAILURES, LONGHAUL_TOOLS_EXPORT_BREAKERFAILURES",
    "LONGHAUL_RESULT_TTL, LONGHAUL_RESULTS_TTL",
    "LONGHAUL_MCPHOLD, LONGHAUL_MCP_HOLD",
  })
  void aVariableThatNobodyReadsIsNamedWithTheOneThatIs(String variable, String meant) {
    variables(Map.of(variable, "1"));
    assertThat(problems())
        .containsExactly(
            variable
                + " in the environment: no setting is called like that; did you mean "
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
    assertThatThrownBy(
            () -> new UnknownSettingsCheck(environment, tools, List.of(), () -> false).check())
        .isInstanceOfSatisfying(
            ToolSettingsException.class,
            e -> {
              var analysis = new ToolSettingsFailureAnalyzer().analyze(e);
              assertThat(analysis).isNotNull();
              assertThat(analysis.getDescription())
                  .startsWith("Unknown settings under longhaul:\n- ")
                  .contains("did you mean \"export\"?", "did you mean \"hold\"?");
              assertThat(analysis.getAction())
                  .contains("The tools of this process are export;", "LONGHAUL_TOOL_PATH");
            });
  }

  @Test
  void theOlderNameOfTheDirectoryOfToolJarsIsWarnedOf(CapturedOutput log) {
    variables(Map.of("LONGHAUL_TOOL_PATH", "/opt/tools"));
    new UnknownSettingsCheck(environment, new RegisteredTools(), List.of(), () -> false).check();
    assertThat(log).doesNotContain("LONGHAUL_TOOL");
    variables(Map.of("LONGHAUL_TOOLS", "/opt/tools"));
    new UnknownSettingsCheck(environment, new RegisteredTools(), List.of(), () -> false).check();
    assertThat(log).contains("WARN").contains("LONGHAUL_TOOLS is now called LONGHAUL_TOOL_PATH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "longhaul.upstreams.files.comand",
        "longhaul.upstreams.files.tools.alow",
        "longhaul.upstreams.files.environment.A"
      })
  void aMisspeltSettingOfAnUpstreamIsFound(String setting) throws IOException {
    yaml(setting + ": x");
    assertThat(problems()).singleElement().asString().startsWith(setting);
  }

  @Test
  void theToolsOfUpstreamsMayHaveSettingsBeforeTheyAreKnown() throws IOException {
    yaml("longhaul.tools: {read_file: {timeout: 1s}, export: {timeuot: 1s}}");
    assertThat(problems()).hasSize(2);
    assertThat(UnknownSettingsCheck.problems(environment, TOOLS, List.of(), true))
        .singleElement()
        .asString()
        .startsWith("longhaul.tools.export.timeuot");
  }

  private List<String> problems() {
    return UnknownSettingsCheck.problems(
        environment, TOOLS, List.of("longhaul.shop", "longhaul.workerDrain"), false);
  }

  private void yaml(String text) throws IOException {
    var source = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
    new YamlPropertySourceLoader()
        .load("yaml", source)
        .forEach(environment.getPropertySources()::addLast);
  }

  private void system(Map<String, Object> properties) {
    String name = StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME;
    environment.getPropertySources().replace(name, new MapPropertySource(name, properties));
  }

  private void variables(Map<String, Object> variables) {
    String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    environment
        .getPropertySources()
        .replace(name, new SystemEnvironmentPropertySource(name, variables));
  }
}
