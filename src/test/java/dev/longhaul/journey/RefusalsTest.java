package dev.longhaul.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Responses of both front doors for a full queue, an expired result, and an outage of Redis. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.role=api",
      "longhaul.queue.max-length=1",
      "longhaul.results.ttl=1ms",
      "longhaul.redis.command-timeout=1s",
      "longhaul.mcp.grace=0s"
    })
@DirtiesContext
class RefusalsTest {
  private static final TestRedis.Instance REDIS = TestRedis.start();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  // Has a profile of more than 4,096 characters: a smaller one is kept as long as its job.
  private static final String COLUMNS =
      IntStream.range(0, 100).mapToObj(i -> "column" + i).collect(Collectors.joining(","));

  private static final String CALL =
      """
      {"method":"tools/call","params":{"name":"profile_dataset","arguments":{"content":"%s\\n%s"}}}
      """
          .formatted(COLUMNS, COLUMNS);

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", REDIS::url);
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  @LocalServerPort private int port;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void fullThenForgottenThenAway() throws Exception {
    HttpResponse<String> stored = rest(post("/api/v1/jobs", CALL));
    assertThat(stored.statusCode()).isEqualTo(202);
    String job = stored.headers().firstValue("Location").orElseThrow();
    theQueueIsFull();
    aResultIsForgottenBeforeItsStatus(job);
    redisIsAway(job);
    redisIsBack(job);
  }

  private void theQueueIsFull() throws Exception {
    HttpResponse<String> rest = rest(post("/api/v1/jobs", CALL));
    assertThat(rest.statusCode()).isEqualTo(429);
    assertThat(rest.headers().firstValue("Retry-After")).contains("5");
    assertThat(rest.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(rest.body()).contains("longhaul.queue.max-length");

    JsonNode error = mcp().path("error");
    assertThat(error.path("message").asString()).contains("longhaul.queue.max-length");
    assertThat(error.path("data").path("retryAfterSeconds").asInt()).isEqualTo(5);
  }

  private void aResultIsForgottenBeforeItsStatus(String job) throws Exception {
    try (var _ =
        new SpringApplicationBuilder(LonghaulApplication.class)
            .web(WebApplicationType.NONE)
            .run(
                "--longhaul.role=worker",
                "--longhaul.results.ttl=1ms",
                "--spring.data.redis.url=" + REDIS.url())) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> rest(get(job + "/result")).statusCode() == 410);
    }
    assertThat(rest(post(job + "/cancel", "")).statusCode()).isEqualTo(409);
    assertThat(rest(get(job + "/result")).body()).contains("longhaul.results.ttl");
    assertThat(rest(get(job)).body()).contains("\"state\":\"completed\"");
  }

  private void redisIsAway(String job) throws Exception {
    REDIS.kill();
    HttpResponse<String> rest = rest(get(job));
    assertThat(rest.statusCode()).isEqualTo(503);
    assertThat(rest.headers().firstValue("Retry-After")).isPresent();
    assertThat(rest.body()).doesNotContain("Exception").contains("trying again");
    JsonNode error = mcp().path("error");
    assertThat(error.path("message").asString()).contains("trying again");
    assertThat(error.path("data").path("retryAfterSeconds").asInt()).isPositive();
  }

  private void redisIsBack(String job) {
    REDIS.restart();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> rest(get(job)).statusCode() == 200);
  }

  private JsonNode mcp() throws Exception {
    String body =
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"profile_dataset",
         "arguments":{"content":"a,b\\n1,2"},"_meta":{
         "io.modelcontextprotocol/protocolVersion":"2026-07-28",
         "io.modelcontextprotocol/clientCapabilities":{}}}}
        """;
    return JSON.readTree(
        rest(post("/mcp", body)
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", "profile_dataset"))
            .body());
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port).resolve(path));
  }

  private HttpRequest.Builder post(String path, String body) {
    return get(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> rest(HttpRequest.Builder request) throws Exception {
    return http.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
  }
}
