package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.testing.TestRedis;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** gzip in requests and responses, with default settings. */
@SpringBootTest(
    classes = LonghaulApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    useMainMethod = SpringBootTest.UseMainMethod.ALWAYS,
    properties = {
      "longhaul.role=api",
      "longhaul.mcp.max-request-size=1MB",
      "longhaul.rest.max-request-size=1MB"
    })
@DirtiesContext
class CompressionTest {
  private static final String JOB =
      """
      {"method": "tools/call",
       "params": {"name": "profile_dataset", "arguments": {"content": "%s"}}}
      """;
  private static final String LIST =
      """
      {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}}}}
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    // Computed once: a supplier is called at every read of the property.
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
  }

  @Test
  void aLargeAnswerIsCompressedForWhoTakesGzip() throws Exception {
    HttpResponse<byte[]> answer = post("/mcp", LIST.getBytes(StandardCharsets.UTF_8), null);
    assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
    JsonNode tools = Json.tree(unzipped(answer.body())).path("result").path("tools");
    assertThat(tools.size()).isGreaterThan(3);
    assertThat(answer.body().length).isLessThan(tools.toString().length());
  }

  @Test
  void aSmallAnswerIsNot() throws Exception {
    HttpResponse<byte[]> answer = post("/mcp", "{}".getBytes(StandardCharsets.UTF_8), null);
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void compressedRequestsAreTakenOnBothDoors() throws Exception {
    HttpResponse<byte[]> list = post("/mcp", zipped(LIST), "gzip");
    assertThat(Json.tree(unzipped(list.body())).path("result").has("tools")).isTrue();

    // Nearly as large as an uncompressed request may be, although very small on the wire.
    String job = JOB.formatted("a".repeat(900_000));
    assertThat(post("/api/v1/jobs", zipped(job), "GZIP").statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp", "/api/v1/jobs"})
  void whatWouldBecomeTooLargeIsRefusedAsIfItWere(String path) throws Exception {
    byte[] bomb = zipped(JOB.formatted("a".repeat(50_000_000)));
    assertThat(bomb.length).isLessThan(100_000);
    assertThat(post(path, bomb, "gzip").statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp", "/api/v1/jobs"})
  void whatIsNoGzipIsTheClientsMistake(String path) throws Exception {
    assertThat(post(path, LIST.getBytes(StandardCharsets.UTF_8), "gzip").statusCode())
        .isEqualTo(400);
    byte[] whole = zipped(LIST);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThat(post(path, half, "gzip").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp", "/api/v1/jobs"})
  void otherEncodingsAreRefusedWithTheOneThatIsTaken(String path) throws Exception {
    HttpResponse<byte[]> answer = post(path, new byte[] {1, 2, 3}, "br");
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.headers().firstValue("Accept-Encoding")).contains("gzip");
  }

  private HttpResponse<byte[]> post(String path, byte[] body, @Nullable String encoding)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("Accept-Encoding", "gzip")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/list")
            .POST(BodyPublishers.ofByteArray(body));
    if (encoding != null) {
      request.header("Content-Encoding", encoding);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static byte[] zipped(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String unzipped(byte[] bytes) throws IOException {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
