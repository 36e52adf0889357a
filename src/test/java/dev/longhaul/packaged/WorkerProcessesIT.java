package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One api process and two worker processes on one Redis. */
class WorkerProcessesIT {
  /** Each tool writes which worker runs it, then waits for a file that the test creates. */
  private static final String SOURCE =
      """
      package com.example.tools;

      import java.nio.file.*;
      import org.springframework.ai.mcp.annotation.McpTool;
      import org.springframework.boot.autoconfigure.AutoConfiguration;
      import org.springframework.context.annotation.Bean;

      @AutoConfiguration
      public class WaitingTools {
        @Bean
        Waiter waiter() {
          return new Waiter();
        }

        public static class Waiter {
          @McpTool(name = "slow_read", description = "May run again.",
              annotations = @McpTool.McpAnnotations(readOnlyHint = true))
          public String read(String name) throws Exception {
            return run(name);
          }

          @McpTool(name = "slow_write", description = "May not run again.")
          public String write(String name) throws Exception {
            return run(name);
          }

          private static String run(String name) throws Exception {
            Path dir = Path.of(System.getenv("WAITING_TOOLS_DIR"));
            String pid = Long.toString(ProcessHandle.current().pid());
            Files.writeString(dir.resolve(name + "." + pid), "");
            while (!Files.exists(dir.resolve("go"))) {
              Thread.sleep(20);
            }
            return "done by " + pid;
          }
        }
      }
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void workersShareTheWorkAndTakeOverFromOneThatIsKilled() throws Exception {
    Path tools = Files.createDirectory(directory.resolve("tools"));
    Path marks = Files.createDirectory(directory.resolve("marks"));
    ToolJar.write(tools.resolve("waiting.jar"), directory, "WaitingTools", "Waiter", SOURCE);
    Map<String, String> environment = new HashMap<>();
    environment.put("LONGHAUL_TOOLS", tools.toString()); // the older name is still valid
    environment.put("WAITING_TOOLS_DIR", marks.toString());
    environment.put("SPRING_DATA_REDIS_URL", TestRedis.url());
    environment.put("LONGHAUL_NAMESPACE", TestRedis.namespace());
    environment.put("LONGHAUL_WORKER_POOLS_IO_CONCURRENCY", "2");
    // Short, so that a killed worker is noticed soon.
    environment.put("LONGHAUL_QUEUE_LEASE", "3s");
    environment.put("LONGHAUL_WORKER_REAP_INTERVAL", "1s");

    try (var api = start("api", environment);
        var first = start("worker", environment);
        var second = start("worker", environment)) {
      Map<String, String> reads = new HashMap<>();
      for (String name : List.of("a", "c", "d")) {
        reads.put(name, submit(api, "slow_read", name));
      }
      String write = submit(api, "slow_write", "b");
      Awaitility.await().atMost(LIMIT).until(() -> marks(marks).size() == 4);
      // Two slots each, so both workers must be running.
      assertThat(runBy(marks(marks), first)).hasSize(2);
      assertThat(runBy(marks(marks), second)).hasSize(2);

      // The worker that runs the job which is not repeatable.
      var victim = runBy(marks(marks), first).contains("b") ? first : second;
      var heir = victim == first ? second : first;
      List<String> lost = runBy(marks(marks), victim);
      victim.kill();
      Files.writeString(marks.resolve("go"), "");

      JsonNode unknown = await(api, write);
      assertThat(unknown.path("state").asString()).isEqualTo("dead");
      assertThat(unknown.path("error").path("code").asString()).isEqualTo("OUTCOME_UNKNOWN");
      for (Map.Entry<String, String> read : reads.entrySet()) {
        boolean takenOver = lost.contains(read.getKey());
        JsonNode done = await(api, read.getValue());
        assertThat(done.path("state").asString()).isEqualTo("completed");
        assertThat(done.path("attempt").asInt()).isEqualTo(takenOver ? 2 : 1);
        assertThat(result(api, read.getValue())).contains("done by " + heir.pid());
      }
    }
  }

  private RunningServer start(String role, Map<String, String> environment) throws IOException {
    Path own = Files.createTempDirectory(directory, role);
    return RunningServer.start(
        own, 0, environment, "--longhaul.role=" + role, "--spring.main.banner-mode=off");
  }

  private static List<String> marks(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> runBy(List<String> marks, RunningServer server) {
    List<String> names = new ArrayList<>();
    for (String mark : marks) {
      if (mark.endsWith("." + server.pid())) {
        names.add(mark.substring(0, mark.indexOf('.')));
      }
    }
    return names;
  }

  private String submit(RunningServer api, String tool, String name) throws Exception {
    String body =
        """
        {"method":"tools/call","params":{"name":"%s","arguments":{"name":"%s"}}}
        """
            .formatted(tool, name);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(api.url().resolve("/api/v1/jobs"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body()).path("id").asString();
  }

  private JsonNode await(RunningServer api, String id) throws Exception {
    return JSON.readTree(get(api.url().resolve("/api/v1/jobs/" + id + "?wait_seconds=100")));
  }

  private String result(RunningServer api, String id) throws Exception {
    return get(api.url().resolve("/api/v1/jobs/" + id + "/result"));
  }

  private String get(URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
