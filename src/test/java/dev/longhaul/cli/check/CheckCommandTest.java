package dev.longhaul.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.cli.Commands;
import dev.longhaul.cli.TestTerminal;
import dev.longhaul.queue.redis.embedded.EmbeddedRedis;
import dev.longhaul.queue.redis.embedded.EmbeddedRedisProperties;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The production check beside a running server, and where there is none. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "management.endpoints.web.exposure.include=productioncheck")
class CheckCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String NAMESPACE = TestRedis.namespace();
  private static final String ADDRESS = "--server.address=127.0.0.1";

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", () -> NAMESPACE);
  }

  @LocalServerPort private int port;

  private final TestTerminal terminal = TestTerminal.piped();

  @Test
  void whatRunsHereHasWorkersAndKeepsItsJobs() {
    assertThat(check(TestRedis.url(), "--longhaul.namespace=" + NAMESPACE, ADDRESS))
        .as(() -> terminal.out())
        .isZero();
    assertThat(terminal.out().lines())
        .anyMatch(line -> line.matches("PASS +workers +A worker is connected.*cpu.*default.*"))
        .anyMatch(line -> line.startsWith("PASS  persistence"))
        .anyMatch(line -> line.startsWith("PASS  eviction"))
        .anyMatch(line -> line.startsWith("PASS  redis-latency"))
        .anyMatch(line -> line.startsWith("PASS  clock"))
        .anyMatch(line -> line.startsWith("PASS  redis-connection"));
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void aQueueThatNoPoolWorksOnFails() {
    assertThat(
            check(
                TestRedis.url(),
                "--longhaul.namespace=" + NAMESPACE,
                "--longhaul.tools.render.queue=gpu",
                ADDRESS))
        .isEqualTo(1);
    assertThat(terminal.out())
        .contains("No worker is connected for gpu", "longhaul.worker.pools.<name>.queues");
  }

  @Test
  void actuatorShowsTheSameWhereItIsExposed() throws IOException, InterruptedException {
    JsonNode report;
    try (HttpClient client = HttpClient.newHttpClient()) {
      report =
          JSON.readTree(
              client
                  .send(
                      HttpRequest.newBuilder(
                              URI.create("http://127.0.0.1:" + port + "/actuator/productioncheck"))
                          .build(),
                      BodyHandlers.ofString())
                  .body());
    }
    assertThat(check(TestRedis.url(), "--json", "--longhaul.namespace=" + NAMESPACE, ADDRESS))
        .isZero();
    assertThat(names(report)).isEqualTo(names(JSON.readTree(terminal.out())));
    assertThat(finding(report, "workers").path("verdict").asString()).isEqualTo("pass");
  }

  @Test
  void aRedisThatLosesJobsFailsAndNothingIsWrittenToIt() {
    try (TestRedis.Instance redis = TestRedis.start()) {
      configure(redis, "appendonly", "no");
      configure(redis, "maxmemory-policy", "allkeys-lru");
      assertThat(check(redis.url(), "--json", ADDRESS)).isEqualTo(1);
      JsonNode report = JSON.readTree(terminal.out());
      assertThat(finding(report, "persistence").path("remedy").asString())
          .contains("appendonly yes");
      assertThat(finding(report, "eviction").path("verdict").asString()).isEqualTo("fail");
      assertThat(finding(report, "maxmemory").path("verdict").asString()).isEqualTo("warn");
      assertThat(finding(report, "workers").path("observed").asString())
          .contains("No worker is connected");
      assertThat(keys(redis)).isZero();
    }
  }

  @Test
  void whatTheUserOfTheRedisMayNotReadIsAWarningWithTheRuleItLacks() {
    try (TestRedis.Instance redis = TestRedis.start()) {
      execute(
          redis, "ACL", "SETUSER", "checker", "on", ">pw", "~*", "&*", "-@all", "+@read", "+ping",
          "+hello");
      String url = "redis://checker:pw@127.0.0.1:" + redis.port();
      assertThat(check(url, "--json", ADDRESS)).isZero();
      JsonNode report = JSON.readTree(terminal.out());
      for (String name :
          List.of("clock", "redis-version", "persistence", "eviction", "maxmemory", "workers")) {
        assertThat(finding(report, name).path("observed").asString())
            .as(name)
            .startsWith("Could not be read");
      }
      assertThat(finding(report, "workers").path("remedy").asString()).contains("+client|list");
    }
  }

  @Test
  void anAbsentRedisIsOneLineWithoutStackTraceAndPassword() {
    assertThat(check("redis://:s3cret@127.0.0.1:1", ADDRESS)).isEqualTo(1);
    assertThat(terminal.out())
        .contains("Redis at 127.0.0.1:1 cannot be reached")
        .doesNotContain("s3cret", "Exception", "persistence");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void theEmbeddedRedisOfARunningServerIsLookedAt(@TempDir Path directory) {
    String[] settings = {
      "--longhaul.embedded-redis.enabled=true",
      "--longhaul.embedded-redis.data-directory=" + directory,
      ADDRESS
    };
    check(settings);
    assertThat(terminal.out()).contains("No server runs with the embedded Redis", "disk");
    assertThat(terminal.out()).doesNotContain("persistence");
    try (var redis = EmbeddedRedis.start(properties(directory))) {
      check(settings);
      assertThat(terminal.out())
          .contains("one machine's", "PASS  persistence")
          .doesNotContain(redis.password());
    }
  }

  private static EmbeddedRedisProperties properties(Path directory) {
    Duration limit = Duration.ofMinutes(1);
    return new EmbeddedRedisProperties(true, directory, null, limit, limit, null);
  }

  private int check(String url, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--spring.data.redis.url=" + url);
    return check(arguments.toArray(String[]::new));
  }

  private int check(String[] arguments) {
    Commands commands = new Commands(List.of(new CheckCommand()), Properties::new);
    List<String> line = new ArrayList<>(List.of("check"));
    line.addAll(List.of(arguments));
    return terminal.run(commands, line.toArray(String[]::new));
  }

  private static List<String> names(JsonNode report) {
    return report.path("findings").valueStream().map(one -> one.path("check").asString()).toList();
  }

  private static JsonNode finding(JsonNode report, String name) {
    return report
        .path("findings")
        .valueStream()
        .filter(one -> one.path("check").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void configure(TestRedis.Instance redis, String name, String value) {
    execute(redis, "CONFIG", "SET", name, value);
  }

  private static void execute(TestRedis.Instance redis, String... words) {
    LettuceConnectionFactory connections = connections(redis);
    try (var connection = connections.getConnection()) {
      byte[][] arguments = new byte[words.length - 1][];
      for (int i = 1; i < words.length; i++) {
        arguments[i - 1] = words[i].getBytes(StandardCharsets.UTF_8);
      }
      var _ = connection.execute(words[0], arguments);
    } finally {
      connections.destroy();
    }
  }

  private static long keys(TestRedis.Instance redis) {
    LettuceConnectionFactory connections = connections(redis);
    try (var connection = connections.getConnection()) {
      Long size = connection.serverCommands().dbSize();
      return size == null ? -1 : size;
    } finally {
      connections.destroy();
    }
  }

  private static LettuceConnectionFactory connections(TestRedis.Instance redis) {
    var connections =
        new LettuceConnectionFactory(
            LettuceConnectionFactory.createRedisConfiguration(redis.url()));
    connections.afterPropertiesSet();
    connections.start();
    return connections;
  }
}
