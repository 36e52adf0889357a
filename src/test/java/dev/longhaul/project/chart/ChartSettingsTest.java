package dev.longhaul.project.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.TemplateCommand;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application understands the settings that the chart gives it. */
class ChartSettingsTest {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  @TempDir private Path directory;

  static List<String> valueSets() {
    return Chart.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everySettingIsOneThatSomethingReads(String values) throws IOException {
    Set<String> names = new HashSet<>();
    // Names that the metadata do not have: settings of tools are read by hand.
    Set<String> maps = new HashSet<>(Set.of("longhaul.tools."));
    for (URL url : Collections.list(getClass().getClassLoader().getResources(METADATA))) {
      try (InputStream metadata = url.openStream()) {
        for (JsonNode property : JsonMapper.shared().readTree(metadata).path("properties")) {
          String name = property.path("name").asString();
          names.add(name);
          if (property.path("type").asString("").startsWith("java.util.Map")) {
            maps.add(name + ".");
          }
        }
      }
    }
    var rendered = Chart.render(values);
    for (String deployment : deployments(rendered)) {
      var pod = MountedPod.of(rendered, deployment, Map.of(), directory.resolve(deployment));
      List<String> settings = settings(pod);
      assertThat(settings).isNotEmpty();
      settings.removeIf(name -> names.contains(name) || maps.stream().anyMatch(name::startsWith));
      assertThat(settings).as("settings that nothing reads").isEmpty();
    }
  }

  @Test
  void theApiStartsWithThemAndPassesTheTestOfTheChart() throws Exception {
    var rendered = Chart.render("minimal", chart -> chart.set("redis.url", TestRedis.url()));
    try (var application =
        MountedPod.of(rendered, "try-longhaul-api", Map.of(), directory).start()) {
      assertThat(application.getEnvironment().getProperty("longhaul.role")).isEqualTo("api");
      Outcome test = connectionTest(rendered, MountedPod.port(application), Map.of());

      assertThat(test.output())
          .contains("ok: MCP initialize is answered", "ok: tools/list names tools");
      assertThat(test.code()).isZero();
      assertThat(metricsWithAStream(MountedPod.port(application)))
          .as("what KEDA asks Prometheus for; the stream and the scrape are open requests")
          .contains(queriedMetrics())
          .containsPattern(
              "http_server_requests_active_seconds_count\\{[^}]*method=\"GET\"[^}]*} 2");
    }
  }

  @Test
  void withApiKeysTheApiIsClosedAndTheKeysOfTheSecretOpenIt() throws Exception {
    String alice = "alices-key-that-nobody-can-guess-00000";
    String scraper = "the-key-of-prometheus-that-nobody-guesses";
    var rendered =
        Chart.render(
            "minimal",
            chart ->
                withApiKeys(chart)
                    .set("redis.url", TestRedis.url())
                    .set("security.apiKeys.keys.alice.scopes[0]", "mcp:call")
                    .set("security.apiKeys.keys.alice.expires", "2099-01-01T00:00:00Z")
                    .set("security.apiKeys.keys.prometheus.scopes[0]", "metrics:read")
                    .set("security.apiKeys.keys.prometheus.hashed", true));
    Map<String, String> secrets =
        Map.of("keys/alice", alice + "\n", "keys/prometheus", sha256(scraper));
    try (var application =
        MountedPod.of(rendered, "try-longhaul-api", secrets, directory).start()) {
      int port = MountedPod.port(application);
      Outcome closed = connectionTest(rendered, port, Map.of());
      assertThat(closed.output()).contains("ok: a call without credentials is refused");
      assertThat(closed.code()).isZero();

      Outcome open = connectionTest(rendered, port, Map.of("TOKEN", alice));
      assertThat(open.output()).contains("ok: tools/list names tools");
      assertThat(open.code()).isZero();

      Outcome wrong = connectionTest(rendered, port, Map.of("TOKEN", alice + "0"));
      assertThat(wrong.output()).contains("FAILED: MCP initialize is answered");
      assertThat(wrong.code()).isOne();

      assertThat(MountedPod.get(application, "/actuator/prometheus", scraper))
          .contains("longhaul_queue_running");
      assertThat(MountedPod.get(application, "/actuator/prometheus", alice))
          .doesNotContain("longhaul_queue_running");
      // What KEDA reads without Prometheus.
      assertThat(
              JsonMapper.shared()
                  .readTree(MountedPod.get(application, "/api/v1/health", scraper))
                  .at("/metrics/queue_size")
                  .isNumber())
          .isTrue();
      assertThat(MountedPod.get(application, "/api/v1/health")).doesNotContain("queue_size");
      assertThat(queried("gateway", "metadata", "valueLocation"))
          .containsExactly("metrics.queue_size", "longhaul_queue_running");
    }
  }

  private static String sha256(String secret) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  @Test
  void theWorkerStartsWithThemOnTheRedisOfTheChartAndItsMetricsNeedAKeyToo() throws Exception {
    String scraper = "the-key-of-prometheus-that-nobody-guesses";
    var rendered =
        Chart.render(
            "local-redis",
            chart ->
                withApiKeys(chart)
                    .set("security.exposeUnauthenticated", false)
                    .set("security.apiKeys.keys.prometheus.scopes[0]", "metrics:read"));
    try (var redis = RedisServer.start(RedisServer.bundled(), redisConf(rendered));
        var application =
            MountedPod.of(
                    rendered, "try-longhaul-worker", Map.of("keys/prometheus", scraper), directory)
                .start(
                    "--spring.data.redis.host=127.0.0.1",
                    "--spring.data.redis.port=" + redis.port())) {
      assertThat(application.getEnvironment().getProperty("longhaul.role")).isEqualTo("worker");
      // Up, so Redis has taken the password.
      assertThat(MountedPod.get(application, "/actuator/health")).contains("\"status\":\"UP\"");
      assertThat(MountedPod.get(application, "/actuator/prometheus", scraper))
          .contains("longhaul_queue_running");
      assertThat(MountedPod.get(application, "/actuator/prometheus"))
          .doesNotContain("longhaul_queue_running");
    }
  }

  private static TemplateCommand withApiKeys(TemplateCommand chart) {
    return chart
        .set("security.allowUnauthenticated", false)
        .set("security.apiKeys.enabled", true)
        .set("security.apiKeys.existingSecret", "keys");
  }

  /** redis.conf, with the password's file, in the test's directory. */
  private String[] redisConf(Map<String, Map<?, ?>> rendered) throws IOException {
    Object conf = Chart.at(rendered.get("ConfigMap/try-longhaul-redis"), "data", "redis.conf");
    Object auth = Chart.at(rendered.get("Secret/try-longhaul-redis"), "stringData", "auth.conf");
    Path file = Files.writeString(directory.resolve("auth.conf"), String.valueOf(auth));
    return String.valueOf(conf)
        .replace("dir /data", "dir %DIR%")
        .replace("/auth/auth.conf", file.toString())
        .lines()
        .toArray(String[]::new);
  }

  /** The names of the metrics in the queries of the ScaledObjects. */
  private static List<String> queriedMetrics() {
    List<String> names =
        queried("operators", "metadata", "query").stream()
            .flatMap(query -> Pattern.compile("([a-z_]+)\\{").matcher(query).results())
            .map(found -> "\n" + found.group(1))
            .toList();
    assertThat(names).hasSize(4);
    return names;
  }

  /** What stands at a path of each trigger of the ScaledObjects. */
  private static List<String> queried(String values, Object... path) {
    List<String> found = new ArrayList<>();
    Chart.render(values)
        .forEach((name, object) -> {
          if (name.startsWith("ScaledObject/")) {
            for (Object trigger : (List<?>) Chart.at(object, "spec", "triggers")) {
              found.add(String.valueOf(Chart.at(trigger, path)));
            }
          }
        });
    assertThat(found).hasSize(2);
    return found;
  }

  private static String metricsWithAStream(int port) throws Exception {
    URI server = URI.create("http://localhost:" + port);
    try (HttpClient http = HttpClient.newHttpClient()) {
      var stream = HttpRequest.newBuilder(server.resolve("/sse"));
      try (InputStream _ =
          http.send(
                  stream.header("Accept", "text/event-stream").build(),
                  BodyHandlers.ofInputStream())
              .body()) {
        var metrics = HttpRequest.newBuilder(server.resolve("/actuator/prometheus")).build();
        return http.send(metrics, BodyHandlers.ofString()).body();
      } finally {
        http.shutdownNow();
      }
    }
  }

  /** What a command printed, and its exit code. */
  private record Outcome(int code, String output) {}

  /** Runs the script of helm test, as its pod does. */
  private Outcome connectionTest(
      Map<String, Map<?, ?>> rendered, int port, Map<String, String> more) throws Exception {
    Object container = Chart.at(rendered.get("Pod/try-longhaul-test"), "spec", "containers", 0);
    List<String> command = new ArrayList<>();
    for (String part : List.of("command", "args")) {
      ((List<?>) Chart.at(container, part)).forEach(word -> command.add(String.valueOf(word)));
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    for (Object variable : (List<?>) Chart.at(container, "env")) {
      if (Chart.at(variable, "value") instanceof String value) {
        process.environment().put(String.valueOf(Chart.at(variable, "name")), value);
      }
    }
    process.environment().put("SERVICE_HOST", "localhost");
    process.environment().put("SERVICE_PORT", String.valueOf(port));
    process.environment().putAll(more);
    Process running = process.start();
    String output = new String(running.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(running.waitFor(), output);
  }

  private static List<String> deployments(Map<String, Map<?, ?>> rendered) {
    return rendered.keySet().stream()
        .filter(name -> name.startsWith("Deployment/"))
        .map(name -> name.substring("Deployment/".length()))
        .toList();
  }

  /** The names of the settings in application.yml and of the files, without indexes. */
  private static List<String> settings(MountedPod pod) throws IOException {
    List<String> names = new ArrayList<>();
    for (var source :
        new YamlPropertySourceLoader().load("settings", new FileSystemResource(pod.settings()))) {
      Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames())
          .map(name -> name.replaceAll("\\[\\d+]", ""))
          .forEach(names::add);
    }
    try (Stream<Path> files = Files.list(pod.secrets())) {
      files.map(file -> file.getFileName().toString()).forEach(names::add);
    }
    return names;
  }
}
