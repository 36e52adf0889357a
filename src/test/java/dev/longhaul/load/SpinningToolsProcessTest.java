package dev.longhaul.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With twice as many computing tools as processors, queued and inline, every request is served. */
@EnabledOnOs(OS.LINUX) // taskset
class SpinningToolsProcessTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(strings = {"0", "0,1"})
  @Timeout(300)
  void whateverToolsDoEveryPromiseIsKept(String processors, @TempDir Path directory)
      throws Exception {
    int twice = 2 * processors.split(",").length;
    // End the process first; otherwise closing the client waits for calls that still compute.
    try (HttpClient client = HttpClient.newHttpClient();
        LonghaulProcess longhaul =
            LonghaulProcess.startUnder(
                List.of("taskset", "-c", processors),
                directory,
                List.of("-Xmx256m"),
                List.of(
                    "--spring.main.sources=" + SpinningTools.class.getName(),
                    "--longhaul.worker.pools.io.threads=virtual",
                    "--longhaul.queue.lease=15s"))) {
      assertThat(longhaul.said())
          .contains("longhaul.worker.pools.io.threads=virtual has no effect any more");
      var server = new Server(longhaul, client);
      String session = server.initialize();
      List<String> spinning = new ArrayList<>();
      for (int i = 0; i < twice; i++) {
        spinning.add(server.submit("spin"));
        var _ = client.sendAsync(server.call(session, "spin_inline"), BodyHandlers.discarding());
      }
      spinning.add(server.submit("spin_virtual"));
      String waiting = server.submit("wait");
      spinning.forEach(id -> server.waitFor(id, "running"));
      server.waitFor(waiting, "running");
      long lease = leaseOf(waiting, longhaul);

      assertThat(longhaul.ready()).as("readiness").isTrue();
      String another = server.initialize();
      assertThat(server.send(server.call(another, "wait")).body())
          .as("a hand-over")
          .contains("operation_id");
      server.send(server.post("/api/v1/jobs/" + spinning.getFirst() + "/cancel", "{}"));
      server.waitFor(spinning.getFirst(), "cancelled");
      await("a renewal of leases").atMost(LIMIT).until(() -> leaseOf(waiting, longhaul) > lease);
      assertThat(server.job(waiting).path("attempt").asInt()).isEqualTo(1);
    }
  }

  /** The time of its end in ms. */
  private static long leaseOf(String job, LonghaulProcess process) {
    try (RedisClient client = RedisClient.create(TestRedis.url())) {
      RedisCommands<String, String> redis = client.connect().sync();
      return redis.keys("{*" + process.namespace() + "*}:l").stream()
          .map(leases -> redis.zscore(leases, job))
          .filter(Objects::nonNull)
          .findFirst()
          .orElseThrow()
          .longValue();
    }
  }

  private record Server(LonghaulProcess process, HttpClient client) {
    HttpRequest post(String path, String body, String... headers) {
      var request =
          HttpRequest.newBuilder(process.uri(path))
              .timeout(LIMIT)
              .header("Content-Type", "application/json")
              .header("Accept", "application/json");
      if (headers.length > 0) {
        request.headers(headers);
      }
      return request.POST(BodyPublishers.ofString(body)).build();
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
      return client.send(request, BodyHandlers.ofString());
    }

    String initialize() throws Exception {
      return send(post(
              "/mcp",
              """
              {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion":
               "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}
              """))
          .headers()
          .firstValue("Mcp-Session-Id")
          .orElseThrow();
    }

    HttpRequest call(String session, String tool) {
      var call =
          Map.of(
              "jsonrpc",
              "2.0",
              "id",
              1,
              "method",
              "tools/call",
              "params",
              Map.of("name", tool, "arguments", Map.of()));
      return post("/mcp", JSON.writeValueAsString(call), "Mcp-Session-Id", session);
    }

    String submit(String tool) throws Exception {
      String body = "{\"tool\": \"" + tool + "\", \"arguments\": {}}";
      return JSON.readTree(send(post("/api/v1/jobs", body)).body()).path("id").asString();
    }

    JsonNode job(String id) throws Exception {
      var request = HttpRequest.newBuilder(process.uri("/api/v1/jobs/" + id)).timeout(LIMIT);
      return JSON.readTree(send(request.build()).body());
    }

    void waitFor(String id, String state) {
      await().atMost(LIMIT).until(() -> job(id).path("state").asString().equals(state));
    }
  }
}
