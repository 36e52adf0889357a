package dev.longhaul.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A body with many unknown names gets a short refusal on every endpoint. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "longhaul.compat.queuemgr.enabled=true")
@DirtiesContext
class ManyViolationsTest {
  private static final int KEYS = 100_000;
  private static final int MOST_NAMED = 51;
  private static final int LONGEST_ANSWER = 100_000;

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/v1/jobs                         | {"tool": "echo_text", KEYS}
          /api/v1/jobs                         | {"tool": "compute_hash", "metadata": {NUMBERS}}
          /api/v1/jobs                         | {"tool": "compute_hash", "arguments": {KEYS}}
          /api/v1/batches                      | {"jobs": [{"tool": "compute_hash"}], KEYS}
          /api/v1/batches                      | {"jobs": [{"tool": "compute_hash", KEYS}]}
          /api/v1/batches                      | {"jobs": [{"tool": "compute_hash", "metadata": {NUMBERS}}]}
          /api/v1/batches                      | {"jobs": [{"tool": "compute_hash", "arguments": {KEYS}}]}
          /api/v1/batches                      | {"chunk": {"tool": "compute_hash", "list": "a", KEYS}}
          /api/v1/chains                       | {"steps": [{"tool": "compute_hash", "arguments": {TEMPLATES}}]}
          /api/v1/dead-letters/replay          | {KEYS}
          /api/v1/cache/tools/compute_hash/forget | {KEYS}
          /mcp                                 | {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "compute_hash", "arguments": {KEYS}, "_meta": {META}}}
          /mcp                                 | {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "compute_hash", "arguments": {"text": "a"}, "_meta": {META, OPTIONS}}}
          /mcp                                 | {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_operations", "arguments": {KEYS}, "_meta": {META}}}
          """)
  void aFloodOfUnknownNamesGetsAShortAnswer(String path, String body) throws Exception {
    HttpResponse<String> answer = post(path, filled(body));
    assertThat(answer.body()).hasSizeLessThan(LONGEST_ANSWER);
    assertThat(answer.statusCode()).isIn(200, 400, 404, 422);
    assertThat(answer.body().split("\"path\"", -1).length - 1)
        .as("what is named in %s", answer.body())
        .isBetween(1, MOST_NAMED);
    // Each search for a similar name costs time, which an attacker could cause.
    assertThat(answer.body().split("known are", -1).length)
        .as("how often the known names are listed")
        .isLessThanOrEqualTo(2 * MOST_NAMED + 1);
  }

  private static String filled(String body) {
    return body.replace("KEYS", fields("\"n%d\": 1"))
        .replace("NUMBERS", fields("\"n%d\": 1"))
        .replace("TEMPLATES", fields("\"n%d\": \"{{nothing#/%1$d}}\""))
        .replace("OPTIONS", fields("\"dev.longhaul/n%d\": 1"))
        .replace(
            "META",
            "\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
                + " \"io.modelcontextprotocol/clientCapabilities\": {}");
  }

  private static String fields(String form) {
    return IntStream.range(0, KEYS).mapToObj(form::formatted).collect(Collectors.joining(","));
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body));
    if (path.equals("/mcp")) {
      request
          .header("MCP-Protocol-Version", "2026-07-28")
          .header("Mcp-Method", "tools/call")
          .header(
              "Mcp-Name", body.contains("list_operations") ? "list_operations" : "compute_hash");
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
