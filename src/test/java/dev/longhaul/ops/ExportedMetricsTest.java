package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.LonghaulTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The alert rules and the dashboard name only metrics that a server under load exports, and each
 * alert is explained.
 */
@SpringBootTest(
    classes = {LonghaulApplication.class, ExportedMetricsTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.worker.drain=1s",
      "longhaul.worker.stuck-after=100ms",
      "longhaul.tools.works.slow-after=1ns",
      "longhaul.tools.recovering.breaker-failures=1",
      "longhaul.tools.recovering.breaker-open=1s"
    })
class ExportedMetricsTest {
  private static final Path RULES = Path.of("helm", "longhaul", "files", "rules.yaml");
  private static final Path DASHBOARD = Path.of("helm", "longhaul", "files", "dashboard.json");
  private static final Path OPERATIONS = Path.of("docs", "operations.md");

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Semaphore HEAR = new Semaphore(0);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
  private static final Pattern LABELS = Pattern.compile("\\{[^}]*}|\\bby \\([^)]*\\)");

  /** An identifier with an underscore that is not a function's name. */
  private static final Pattern METRIC = Pattern.compile("\\b[a-z]\\w*_\\w*\\b(?! *\\()");

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @LocalServerPort private int port;

  static final class Methods {
    private final AtomicInteger failures = new AtomicInteger();

    @McpTool(name = "works", description = "Works")
    @LonghaulTool(cacheable = true, cache = "5m")
    String works() {
      return "done";
    }

    @McpTool(name = "inline", description = "Works at once")
    @LonghaulTool(execution = Execution.INLINE)
    String inline() {
      return "done";
    }

    @McpTool(name = "broken", description = "Always fails")
    @LonghaulTool(attempts = 1)
    @SuppressWarnings("DoNotCallSuggester") // tools are called by their annotation
    String broken() {
      throw new IllegalStateException("out of order");
    }

    @McpTool(name = "recovering", description = "Fails once")
    @LonghaulTool(repeatable = true, attempts = 3, backoff = "1ms")
    String recovering() {
      if (failures.getAndIncrement() == 0) {
        throw new IllegalStateException("not yet");
      }
      return "recovered";
    }

    @McpTool(name = "deaf", description = "Ignores its interrupt until the test ends it")
    String deaf() {
      HEAR.acquireUninterruptibly();
      return "heard";
    }
  }

  @TestConfiguration
  static class Tools {
    @Bean
    Methods methods() {
      return new Methods();
    }
  }

  @Test
  void everyMetricOfTheRulesAndTheDashboardIsExportedByAServerUnderLoad() throws Exception {
    ended(submit("works"));
    ended(submit("works"));
    ended(submit("broken"));
    ended(submit("recovering"));
    submit("there_is_no_such_tool");
    callOverMcp("inline");
    String deaf = submit("deaf");
    awaitState(deaf, "running");
    send("/api/v1/jobs/" + deaf + "/cancel", "POST", null);
    System.gc(); // for its pauses

    try {
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(exported()).containsAll(named()));
    } finally {
      HEAR.release();
    }
  }

  @Test
  void everyAlertHasItsEntryInTheRunbook() throws Exception {
    String operations = Files.readString(OPERATIONS);
    String runbook = operations.substring(operations.indexOf("\n## Runbook\n"));

    for (JsonNode rule : rules()) {
      String alert = rule.path("alert").asString();
      assertThat(runbook).contains("\n### " + alert + "\n");
      assertThat(rule.path("annotations").path("runbook_url").asString())
          .isEqualTo("docs/operations.md#" + alert.toLowerCase(Locale.ROOT));
    }
  }

  /** The names of the metrics in the rules and the dashboard. */
  private static Set<String> named() throws Exception {
    Stream<String> rules = rules().stream().map(rule -> rule.path("expr").asString());
    Stream<String> panels =
        JSON.readTree(Files.readString(DASHBOARD)).findValues("expr").stream()
            .map(JsonNode::asString);
    Set<String> names =
        Stream.concat(rules, panels)
            .map(expression -> STRING.matcher(expression).replaceAll(""))
            .map(expression -> LABELS.matcher(expression).replaceAll(""))
            .flatMap(expression -> METRIC.matcher(expression).results().map(MatchResult::group))
            .filter(name -> !name.equals("__rate_interval"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).contains("longhaul_queue_depth", "longhaul_jobs_finished_total");
    return names;
  }

  private static List<JsonNode> rules() throws Exception {
    Object file = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(RULES));
    JsonNode groups = JSON.valueToTree(file).path("groups");
    return groups.path(0).path("rules").valueStream().toList();
  }

  private Set<String> exported() throws Exception {
    return send("/actuator/prometheus", "GET", null)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toSet());
  }

  /** Submits a job and returns its id, which is empty where it was refused. */
  private String submit(String tool) throws Exception {
    String body =
        "{\"method\": \"tools/call\", \"params\": {\"name\": \"%s\", \"arguments\": {}}}"
            .formatted(tool);
    return JSON.readTree(send("/api/v1/jobs", "POST", body)).path("id").asString("");
  }

  private void ended(String job) throws Exception {
    Awaitility.await().atMost(LIMIT).until(() -> state(job).matches("completed|failed|dead"));
  }

  private void awaitState(String job, String state) {
    Awaitility.await().atMost(LIMIT).until(() -> state(job).equals(state));
  }

  private String state(String job) throws Exception {
    return JSON.readTree(send("/api/v1/jobs/" + job, "GET", null)).path("state").asString("");
  }

  private void callOverMcp(String tool) throws Exception {
    String body =
        """
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "%s", "arguments": {}, "_meta": {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
          "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"}}}}
        """
            .formatted(tool);
    assertThat(
            send(
                "/mcp",
                "POST",
                body,
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "tools/call",
                "Mcp-Name",
                tool))
        .contains("done");
  }

  private String send(String path, String method, @Nullable String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream, text/plain")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}
