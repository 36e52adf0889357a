package dev.longhaul.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a process writes to its console while it runs a job, structured and plain. */
@Timeout(300)
class LoggedLinesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void aStructuredLineHasJobToolCallerAndTrace(@TempDir Path directory) throws Exception {
    try (var process =
        LonghaulProcess.start(
            directory, List.of("-Xmx256m"), List.of("--logging.structured.format.console=ecs"))) {
      String job = submit(process);
      String line = line(process, job);
      JsonNode fields = JSON.readTree(line);
      assertThat(fields.path("ecs").path("version").asString()).isNotBlank();
      assertThat(fields.path("job").asString()).isNotBlank();
      assertThat(fields.path("tool").asString()).isEqualTo("longhaul.notify");
      assertThat(fields.path("caller").asString()).isEqualTo("local");
      assertThat(fields.path("trace").path("id").asString()).isEqualTo(TRACE);
      assertThat(process.said().lines()).allMatch(each -> each.startsWith("{"));
    }
  }

  @Test
  void aPlainLineHasThemTooAndALineOfNoneHasNoBrackets(@TempDir Path directory) throws Exception {
    try (var process = LonghaulProcess.start(directory, List.of("-Xmx256m"), List.of())) {
      String line = line(process, submit(process));
      assertThat(line)
          .containsPattern(
              " \\[job=[0-9a-z]+ tool=longhaul.notify caller=local trace=" + TRACE + "] ");
      assertThat(process.said())
          .contains("Tomcat started on port")
          .doesNotContain("[] ")
          .doesNotContain("job= ")
          .doesNotContainPattern("\\[ +\\]");
    }
  }

  /** Submits a job whose end is written to the log, and returns its id. */
  private static String submit(LonghaulProcess process) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var response =
          http.send(
              HttpRequest.newBuilder(process.uri("/api/v1/jobs"))
                  .header("Content-Type", "application/json")
                  .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"tool\": \"compute_hash\", \"arguments\": {\"data\": \"abc\"},"
                              + " \"notify\": [\"log\"]}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
      return JSON.readTree(response.body()).path("id").asString();
    }
  }

  /** The line in which the channel log reports the end of a job. */
  private static String line(LonghaulProcess process, String job) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> find(process, job), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<String> find(LonghaulProcess process, String job) throws IOException {
    return process
        .said()
        .lines()
        .filter(line -> line.contains("LogChannel") && line.contains(job))
        .findFirst();
  }
}
