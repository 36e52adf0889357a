package dev.longhaul.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many connections with compressed bodies, against a process with little memory. */
class BodyFloodTest {
  private static final int CONNECTIONS = 80;
  private static final int INFLATED = 9_800_000;

  @Test
  void eightyBodiesThatBecomeTenMegabytesLeaveTheProcessAlive(@TempDir Path directory)
      throws Exception {
    byte[] body = body();
    try (LonghaulProcess longhaul =
            LonghaulProcess.start(directory, List.of("-Xmx256m"), List.of());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(longhaul.uri("/mcp"))
              .header("Content-Type", "application/json")
              .header("Content-Encoding", "gzip")
              .header("Accept", "application/json, text/event-stream")
              .header("MCP-Protocol-Version", "2026-07-28")
              .header("Mcp-Method", "tools/call")
              .header("Mcp-Name", "compute_hash")
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        answers.add(client.sendAsync(request, BodyHandlers.ofString()));
      }
      assertThat(longhaul.ready()).isTrue();
      for (var answer : answers) {
        HttpResponse<String> got = answer.get(5, TimeUnit.MINUTES);
        assertThat(got.statusCode()).as(got.body()).isIn(200, 400, 408, 413, 429, 503);
        if (got.statusCode() == 503) {
          assertThat(got.headers().firstValue("Retry-After")).isPresent();
        }
      }
      assertThat(longhaul.ready()).isTrue();
      assertThat(longhaul.process().isAlive()).isTrue();
      assertThat(longhaul.said()).doesNotContain("OutOfMemoryError");
    }
  }

  /** A call with a text of two random letters, which compresses to about a tenth. */
  private static byte[] body() throws IOException {
    var random = new Random(14);
    var text = new StringBuilder(INFLATED + 1_000);
    text.append(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"_meta\":"
            + "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}},"
            + "\"name\":\"compute_hash\",\"arguments\":{\"data\":\"");
    while (text.length() < INFLATED) {
      text.append(random.nextBoolean() ? "aaaa" : "bbbb");
    }
    text.append("\"}}}");
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
