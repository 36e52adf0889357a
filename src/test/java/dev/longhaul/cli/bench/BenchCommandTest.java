package dev.longhaul.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.LonghaulApplication;
import dev.longhaul.cli.Commands;
import dev.longhaul.cli.TestTerminal;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The benchmark against a real server. */
@SpringBootTest(
    classes = {LonghaulApplication.class, BenchCommandTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class BenchCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String NAMESPACE = TestRedis.namespace();
  private static final AtomicInteger ORDERS = new AtomicInteger();

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", () -> NAMESPACE);
  }

  @LocalServerPort private int port;
  @TempDir private Path directory;

  static class ShopTools {
    @McpTool(
        name = "price",
        description = "The price of a thing",
        annotations = @McpTool.McpAnnotations(readOnlyHint = true))
    String price(@McpToolParam(description = "which") String thing) {
      if (thing.isBlank()) {
        throw new IllegalArgumentException("no such thing");
      }
      return thing.length() + " euros";
    }

    @McpTool(
        name = "stock",
        description = "What is there",
        annotations = @McpTool.McpAnnotations(readOnlyHint = true))
    String stock() {
      return "all of it";
    }

    @McpTool(name = "order", description = "Orders")
    String order() {
      return "order " + ORDERS.incrementAndGet();
    }

    @McpResource(uri = "shop://hours", name = "hours", description = "When it is open")
    String hours() {
      return "always";
    }

    @McpPrompt(name = "greeting", description = "Greets")
    String greeting() {
      return "Hello";
    }
  }

  @TestConfiguration
  static class Tools {
    @Bean
    ShopTools shopTools() {
      return new ShopTools();
    }
  }

  private TestTerminal terminal = TestTerminal.piped();

  @BeforeEach
  void noOrders() {
    ORDERS.set(0);
  }

  @Test
  void aToolIsMeasuredWithTheArgumentsOfAFileInTurn() throws IOException {
    Path arguments = write("[{\"thing\": \"pen\"}, {\"thing\": \"\"}]");
    Path json = directory.resolve("result.json");
    assertThat(
            bench(
                "--tool",
                "price",
                "--arguments",
                arguments.toString(),
                "--requests",
                "20",
                "--json",
                json.toString()))
        .as("every second call fails")
        .isEqualTo(1);
    assertThat(terminal.out())
        .containsPattern("tool price +8 +20 +10 ")
        .containsPattern("failed 10 times: .*no such thing");
    assertThat(terminal.err())
        .contains("warm-up: 10 of 10", "8 at once: 20 of 20 calls, 10 failed");
    JsonNode row = JSON.readTree(Files.readString(json)).path("rows").path(0);
    assertThat(row.path("calls").asInt()).isEqualTo(20);
    assertThat(row.path("failures").asInt()).isEqualTo(10);
    assertThat(row.path("mean_ms").asDouble()).isPositive();
    assertThat(row.path("p50_ms").asDouble()).isLessThanOrEqualTo(row.path("p95_ms").asDouble());
    assertThat(row.path("calls_per_second").asDouble()).isPositive();
  }

  @Test
  void aToolRunsAsAJobWithQueued() throws IOException {
    Path arguments = write("{\"thing\": \"pen\"}");
    assertThat(
            bench(
                "--tool",
                "price",
                "--arguments",
                arguments.toString(),
                "--requests",
                "5",
                "--warmup",
                "0",
                "--queued",
                "--json",
                "-"))
        .isZero();
    JsonNode report = JSON.readTree(terminal.out());
    assertThat(report.path("as").asString()).isEqualTo("jobs");
    assertThat(report.path("rows").path(0).path("failures").asInt()).isZero();
    Path broken = write("{\"thing\": \"\"}");
    terminal = TestTerminal.piped();
    assertThat(
            bench(
                "--tool",
                "price",
                "--arguments",
                broken.toString(),
                "--requests",
                "2",
                "--warmup",
                "0",
                "--queued"))
        .isEqualTo(1);
    assertThat(terminal.out()).contains("no such thing");
  }

  @Test
  void resourcesAndPromptsAreMeasuredToo() {
    assertThat(bench("--resource", "shop://hours", "--requests", "10")).isZero();
    assertThat(bench("--prompt", "greeting", "--requests", "10", "--queued")).isZero();
    assertThat(terminal.out()).contains("resource shop://hours", "prompt greeting");
    assertThat(bench("--resource", "shop://none", "--requests", "1")).isEqualTo(1);
  }

  @Test
  void throughputHasARowForEachNumberAtOnce() {
    assertThat(
            bench("--prompt", "greeting", "--throughput", "--concurrency", "3", "--requests", "6"))
        .isZero();
    assertThat(terminal.out())
        .containsPattern("greeting +1 +6 ")
        .containsPattern("greeting +2 +6 ")
        .containsPattern("greeting +3 +6 ");
  }

  @Test
  void aMixTakesWhatNeedsNoArgumentsAndLeavesOutWhatIsNotReadOnly() {
    assertThat(bench("--mixed", "--requests", "30")).isZero();
    assertThat(terminal.out())
        .contains("tool stock", "resource shop://hours", "prompt greeting")
        .containsPattern("all +8 +30 +0 ")
        .doesNotContain("tool price", "tool order");
    assertThat(terminal.err()).contains("order, run_batch: not marked readOnly", "Left out");
    assertThat(ORDERS).hasValue(0);
  }

  @Test
  void aToolThatIsNotReadOnlyIsOnlyCalledWhenItIsAllowed() {
    assertThat(bench("--tool", "order", "--requests", "1")).isEqualTo(2);
    assertThat(terminal.err()).contains("not marked readOnly", "no terminal", "--yes");

    terminal = TestTerminal.answering("n");
    assertThat(bench("--tool", "order", "--requests", "1")).isEqualTo(2);
    assertThat(terminal.err()).contains("Nothing was called.");
    assertThat(ORDERS).hasValue(0);

    terminal = TestTerminal.answering("y");
    assertThat(bench("--tool", "order", "--requests", "2", "--warmup", "1")).isZero();
    assertThat(ORDERS).hasValue(3);

    terminal = TestTerminal.piped();
    assertThat(bench("--tool", "order", "--requests", "2", "--warmup", "0", "--yes")).isZero();
    assertThat(ORDERS).hasValue(5);
  }

  @Test
  void whatMakesNoSenseIsAUsageError() throws IOException {
    assertThat(bench()).isEqualTo(2);
    assertThat(bench("--tool", "price", "--mixed")).isEqualTo(2);
    assertThat(bench("--tool", "price", "--requests", "0")).isEqualTo(2);
    assertThat(bench("--tool", "price", "--arguments", write("7").toString())).isEqualTo(2);
    assertThat(terminal.err())
        .contains("Give one of --tool", "--requests must be", "must be a JSON object");
    assertThat(bench("--tool", "none")).isEqualTo(1);
    assertThat(terminal.err()).contains("The server has no tool none.", "price");
  }

  @Test
  void anAbsentServerAndRefusedCredentialsAreOneLineWithoutTheSecret() throws IOException {
    assertThat(run("--tool", "price", "--url", "http://127.0.0.1:1/mcp")).isEqualTo(1);
    assertThat(terminal.err()).contains("nobody listens there").doesNotContain("\tat ");

    BlockingQueue<String> sent = new LinkedBlockingQueue<>();
    HttpServer locked =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    locked.createContext(
        "/",
        exchange -> {
          sent.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-API-Key"));
          byte[] body = "no".getBytes(UTF_8);
          exchange.sendResponseHeaders(401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    locked.start();
    try {
      String url = "http://127.0.0.1:" + locked.getAddress().getPort();
      assertThat(run("--tool", "price", "--url", url, "--token", "t0ken", "--api-key", "lh_k3y"))
          .isEqualTo(1);
    } finally {
      locked.stop(0);
    }
    assertThat(sent).first().isEqualTo("Bearer t0ken lh_k3y");
    assertThat(terminal.err())
        .contains("LONGHAUL_BENCH_TOKEN")
        .doesNotContain("t0ken")
        .doesNotContain("lh_k3y");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "arguments", ".json"), text);
  }

  private int bench(String... more) {
    List<String> line = new ArrayList<>(List.of(more));
    line.addAll(List.of("--url", "http://127.0.0.1:" + port));
    return run(line.toArray(String[]::new));
  }

  private int run(String... more) {
    List<String> line = new ArrayList<>(List.of("bench"));
    line.addAll(List.of(more));
    Commands commands = new Commands(List.of(new BenchCommand()), Properties::new);
    return terminal.run(commands, line.toArray(String[]::new));
  }
}
