package dev.longhaul.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.WebhookReceiver;
import io.lettuce.core.RedisClient;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The update from an older build to this one, on one Redis: this one refuses to start while
 * processes of the older build run, then converts what they left, and everything ends; the older
 * build cannot be started any more. The older build (the property {@code longhaul.older-jar}, which
 * {@code .ci/run upgrade} builds) reads and writes layout 1 only.
 */
class UpgradeCheck {
  /**
   * Each call appends {@code TOOL NAME PID} to the file {@code runs}, waits for a file if it is
   * told to, and returns its name and the id of the request that it came with, which is a header.
   */
  private static final String SOURCE =
      """
      package com.example.tools;

      import java.nio.file.*;
      import org.slf4j.MDC;
      import org.springframework.ai.mcp.annotation.McpTool;
      import org.springframework.ai.mcp.annotation.McpToolParam;
      import org.springframework.boot.autoconfigure.AutoConfiguration;
      import org.springframework.context.annotation.Bean;

      @AutoConfiguration
      public class UpgradeTools {
        @Bean
        Marker marker() {
          return new Marker();
        }

        public static class Marker {
          @McpTool(name = "read", description = "May run again.",
              annotations = @McpTool.McpAnnotations(readOnlyHint = true))
          public String read(String name, @McpToolParam(required = false) String until) throws Exception {
            return run("read", name, until);
          }

          @McpTool(name = "write", description = "May not run again.")
          public String write(String name, @McpToolParam(required = false) String until) throws Exception {
            return run("write", name, until);
          }

          @McpTool(name = "ordered", description = "One at a time, over all workers.")
          public String ordered(String name) throws Exception {
            return run("ordered", name, null);
          }

          @McpTool(name = "cached", description = "Its result is cached.",
              annotations = @McpTool.McpAnnotations(readOnlyHint = true))
          public String cached(String name) throws Exception {
            return run("cached", name, null);
          }

          @McpTool(name = "fail", description = "Fails unless there is a file of this name.")
          public String fail(String name) throws Exception {
            run("fail", name, null);
            if (!Files.exists(dir().resolve(name))) {
              throw new IllegalStateException("not yet");
            }
            return "at last";
          }

          private static String run(String tool, String name, String until) throws Exception {
            String pid = Long.toString(ProcessHandle.current().pid());
            Files.writeString(dir().resolve("runs"), tool + " " + name + " " + pid + "\\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            while (until != null && !Files.exists(dir().resolve(until))) {
              Thread.sleep(20);
            }
            return "done " + name + " for " + MDC.get("request_id");
          }

          private static Path dir() {
            return Path.of(System.getenv("MARKS"));
          }
        }
      }
      """;

  private static final String META = "{lh:default:0}:meta";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> jobs = new LinkedHashMap<>();
  private final List<String> inOrder = new ArrayList<>();
  private final Queue<RunningServer> started = new ConcurrentLinkedQueue<>();
  private Path marks;

  @AfterEach
  void stopAll() {
    started.forEach(RunningServer::close);
  }

  @Test
  void whatAnOlderBuildLeftIsConvertedAndEndsAndNothingRunsTwice() throws Exception {
    marks = Files.createDirectory(directory.resolve("marks"));
    Path tools = Files.createDirectory(directory.resolve("tools"));
    ToolJar.write(tools.resolve("upgrade.jar"), directory, "UpgradeTools", "Marker", SOURCE);
    try (var redis = RedisServer.start(RedisServer.bundled(), "maxmemory-policy noeviction");
        var hooks = new WebhookReceiver();
        var client = RedisClient.create(redis.url());
        var store = client.connect()) {
      settings(redis, hooks, tools);
      var starting = starting(older(), "worker");
      RunningServer oldApi = start(older(), "api");
      RunningServer oldWorker = starting.get();

      // What an older build has when the update begins, in every state.
      String dead = submit(oldApi, "fail", "ready", "");
      assertThat(ended(oldApi, dead).path("state").asString()).isEqualTo("dead");
      String cached = submit(oldApi, "cached", "report", "");
      ended(oldApi, cached);
      String held = submit(oldApi, "write", "held", ",\"held\":true");
      String keyed = submit(oldApi, "write", "keyed", ",\"idempotency_key\":\"k-1\"");
      submit(oldApi, "write", "told-old", ",\"callback_url\":\"" + hooks.url("/old") + "\"");
      submit(oldApi, "read", "in-drain", "", "second");
      awaitRuns("read in-drain");

      // The newer build does not start beside the older one.
      assertThat(catchThrowable(() -> start(RunningServer.jar(), "worker")))
          .hasMessageContaining("Stop all processes of the older version");
      assertThat(store.sync().hget(META, "layout")).isEqualTo("1");

      // The worker ends while a job runs there; what is submitted then waits for the newer one.
      oldWorker.close();
      Files.writeString(marks.resolve("second"), "");
      submit(oldApi, "write", "later", ",\"delay_seconds\":20");
      some(oldApi, "old-waiting");
      String batch = batch(oldApi, "old-batch");
      String chain = chain(oldApi, "old-chain");
      oldApi.close();

      var converting = starting(RunningServer.jar(), "worker");
      RunningServer newApi = start(RunningServer.jar(), "api");
      converting.get();
      assertThat(store.sync().hgetall(META))
          .containsEntry("layout", "3")
          .doesNotContainKey("converting");
      some(newApi, "new");
      String newBatch = batch(newApi, "new-batch");
      String newChain = chain(newApi, "new-chain");
      submit(newApi, "write", "told-new", ",\"callback_url\":\"" + hooks.url("/new") + "\"");
      assertThat(submit(newApi, "write", "keyed", ",\"idempotency_key\":\"k-1\"")).isEqualTo(keyed);
      submit(newApi, "cached", "report", "");
      String replay = replay(newApi, dead);
      post(newApi, "/api/v1/jobs/" + held + "/start", "", "r");
      assertThat(ended(newApi, replay).path("state").asString()).isEqualTo("completed");
      for (String id : List.of(batch, newBatch)) {
        assertThat(flow(newApi, "batches", id)).isEqualTo("completed");
      }
      for (String id : List.of(chain, newChain)) {
        assertThat(flow(newApi, "chains", id)).isEqualTo("completed");
      }
      checkAll(newApi);
      assertThat(runs().stream().filter("cached report"::equals)).hasSize(1);
      for (String path : List.of("/old", "/new")) {
        Awaitility.await().atMost(LIMIT).until(() -> !hooks.on(path).isEmpty());
        assertThat(hooks.on(path).stream().map(WebhookReceiver.Received::id).distinct()).hasSize(1);
      }

      // The older build refuses to start and says why.
      assertThat(catchThrowable(() -> start(older(), "worker")))
          .hasMessageContaining("has layout 3, written by a newer Longhaul");
    }
  }

  private void settings(RedisServer redis, WebhookReceiver hooks, Path tools) {
    environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"); // starts faster
    environment.put("SPRING_DATA_REDIS_URL", redis.url());
    environment.put("LONGHAUL_TOOL_PATH", tools.toString());
    environment.put("MARKS", marks.toString());
    environment.put("LONGHAUL_QUEUE_LEASE", "3s");
    environment.put("LONGHAUL_WORKER_DRAIN", "3s");
    environment.put("LONGHAUL_WORKER_POOLS_IO_CONCURRENCY", "3");
    environment.put("LONGHAUL_TOOLS_ORDERED_CONCURRENCY", "1");
    environment.put("LONGHAUL_TOOLS_CACHED_CACHE", "1h");
    environment.put("LONGHAUL_TOOLS_READ_BREAKERFAILURES", "0");
    environment.put("LONGHAUL_NOTIFICATIONS_WEBHOOK_SECRETS", SECRET);
    environment.put("LONGHAUL_NOTIFICATIONS_WEBHOOK_ALLOWEDHOSTS", "127.0.0.1:" + hooks.port());
    environment.put("LONGHAUL_NOTIFICATIONS_WEBHOOK_ALLOWHTTP", "true");
  }

  private static Path older() {
    return Path.of(System.getProperty("longhaul.older-jar", ""));
  }

  private Future<RunningServer> starting(Path jar, String role) {
    return Executors.newSingleThreadExecutor().submit(() -> start(jar, role));
  }

  private RunningServer start(Path jar, String role) throws IOException {
    Path own = Files.createTempDirectory(directory, role);
    RunningServer server =
        RunningServer.start(
            jar, own, 0, environment, "--longhaul.role=" + role, "--spring.main.banner-mode=off");
    started.add(server);
    return server;
  }

  /** Some jobs of each kind, and the next ones in order. */
  private void some(RunningServer api, String name) throws Exception {
    for (int i = 0; i < 3; i++) {
      submit(api, "read", name + "-" + i, "");
      submit(api, "write", name + "-" + i, "");
      submit(api, "ordered", name + "-" + i, "");
      inOrder.add("ordered " + name + "-" + i);
    }
  }

  private String submit(RunningServer api, String tool, String name, String options)
      throws Exception {
    return submit(api, tool, name, options, null);
  }

  private String submit(RunningServer api, String tool, String name, String options, String until)
      throws Exception {
    ObjectNode arguments = JSON.createObjectNode().put("name", name);
    if (until != null) {
      arguments.put("until", until);
    }
    JsonNode job =
        post(
            api,
            "/api/v1/jobs",
            "{\"tool\":\"%s\",\"arguments\":%s%s}".formatted(tool, arguments, options),
            "r-" + name);
    String id = job.path("id").asString();
    if (!tool.equals("fail")) {
      jobs.put(id, tool + " " + name);
    }
    return id;
  }

  private String batch(RunningServer api, String name) throws Exception {
    String calls =
        IntStream.range(0, 6)
            .mapToObj(i -> "{\"tool\":\"write\",\"arguments\":{\"name\":\"" + name + i + "\"}}")
            .collect(Collectors.joining(","));
    String body =
        "{\"jobs\":[%s],\"finally\":[{\"tool\":\"write\",\"arguments\":{\"name\":\"%s-finally\"}}]}"
            .formatted(calls, name);
    return post(api, "/api/v1/batches", body, "r-" + name).path("id").asString();
  }

  // The last step's argument is a template, which is filled in by a header.
  private String chain(RunningServer api, String name) throws Exception {
    String body =
        """
        {"steps":[{"tool":"write","arguments":{"name":"%1$s-1"}},{"tool":"write","arguments":{"name":"%1$s-2"}},
          {"tool":"write","arguments":{"name":"{{RESULT_FROM_PREVIOUS}}"}}]}
        """
            .formatted(name);
    return post(api, "/api/v1/chains", body, "r-" + name).path("id").asString();
  }

  private String flow(RunningServer api, String kind, String id) throws Exception {
    return get(api, "/api/v1/" + kind + "/" + id + "?wait_seconds=60").path("state").asString();
  }

  private String replay(RunningServer api, String id) throws Exception {
    Files.writeString(marks.resolve("ready"), "");
    return replayNow(api, id);
  }

  private String replayNow(RunningServer api, String id) throws Exception {
    return post(api, "/api/v1/dead-letters/" + id + "/replay", "", "r").path("id").asString();
  }

  private JsonNode ended(RunningServer api, String id) throws Exception {
    return get(api, "/api/v1/jobs/" + id + "?wait_seconds=60");
  }

  private String result(RunningServer api, String id) throws Exception {
    ended(api, id);
    return get(api, "/api/v1/jobs/" + id + "/result").toString();
  }

  /**
   * Every job that was ever submitted has completed with its result, and ran as often as it may.
   */
  private void checkAll(RunningServer api) throws Exception {
    for (Map.Entry<String, String> job : jobs.entrySet()) {
      String name = job.getValue().substring(job.getValue().indexOf(' ') + 1);
      JsonNode end = ended(api, job.getKey());
      assertThat(end.path("state").asString()).as("%s: %s", name, end).isEqualTo("completed");
      assertThat(result(api, job.getKey())).contains("done " + name + " for r-" + name);
    }
    List<String> runs = runs();
    for (String run : List.copyOf(runs)) {
      long times = runs.stream().filter(run::equals).count();
      boolean mayRunAgain = run.startsWith("fail") || run.equals("read in-drain");
      assertThat(times).as(run).isLessThanOrEqualTo(mayRunAgain ? 2 : 1);
    }
    assertThat(runs).containsAll(jobs.values());
    assertThat(runs.stream().filter(run -> run.startsWith("ordered")).toList()).isEqualTo(inOrder);
    for (String template : List.of("old-chain", "new-chain")) {
      assertThat(runs).anyMatch(run -> run.startsWith("write done " + template + "-2 for"));
    }
  }

  private void awaitRuns(String... wanted) {
    Awaitility.await().atMost(LIMIT).until(() -> runs().containsAll(List.of(wanted)));
  }

  /** What ran, in order, without the process. */
  private List<String> runs() throws IOException {
    return lines().map(line -> line.substring(0, line.lastIndexOf(' '))).toList();
  }

  private Stream<String> lines() throws IOException {
    Path file = marks.resolve("runs");
    return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.of();
  }

  private JsonNode post(RunningServer api, String path, String body, String request)
      throws Exception {
    return send(
        HttpRequest.newBuilder(uri(api, path))
            .header("Content-Type", "application/json")
            .header("X-Request-Id", request)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode get(RunningServer api, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(api, path)));
  }

  private static URI uri(RunningServer api, String path) {
    return api.url().resolve(path);
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer =
        http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }
}
