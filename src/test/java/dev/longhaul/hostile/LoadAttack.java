package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many concurrent bodies that are small on the wire, large in memory, and full of mistakes. */
@Hostile
class LoadAttack {
  private static final int CONNECTIONS = 80;
  private static final int INFLATED = 9_800_000;
  private static final int KEYS = 700_000;

  @Test
  void manyBodiesAtOnceThatBecomeTenMegabytes(Target target) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(target.url("/api/v1/jobs"))
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(compressed()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        answers.add(client.sendAsync(request, BodyHandlers.ofString()));
      }
      assertThat(target.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
      for (var answer : answers) {
        HttpResponse<String> got = answer.get(4, TimeUnit.MINUTES);
        assertThat(got.statusCode()).as(got.body()).isIn(400, 408, 413, 422, 429, 503);
        if (got.statusCode() == 503) {
          assertThat(got.headers().firstValue("Retry-After")).isPresent();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/v1/jobs    | {"tool": "compute_hash", KEYS}
          /api/v1/jobs    | {"tool": "compute_hash", "arguments": {KEYS}}
          /api/v1/batches | {"jobs": [{"tool": "compute_hash", KEYS}]}
          /api/v1/execute | {"command": "queue", "params": {KEYS}}
          """)
  void aFloodOfUnknownNamesGetsAShortAnswer(String path, String body, Target target) {
    String names =
        IntStream.range(0, KEYS).mapToObj("\"n%d\":1"::formatted).collect(Collectors.joining(","));
    HttpResponse<String> answer = target.post(path, body.replace("KEYS", names));
    assertThat(answer.statusCode()).isIn(200, 400, 413, 422, 503);
    assertThat(answer.body()).hasSizeLessThan(100_000);
  }

  /** Two random letters, each four times: compresses to about a tenth. Names no tool. */
  private static byte[] compressed() throws IOException {
    var random = new Random(14);
    var text = new StringBuilder(INFLATED + 1_000).append("{\"nothing\":\"");
    while (text.length() < INFLATED) {
      text.append(random.nextBoolean() ? "aaaa" : "bbbb");
    }
    text.append("\"}");
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
