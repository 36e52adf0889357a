package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.Figures;
import dev.longhaul.testing.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.DataType;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.node.ObjectNode;

/** Clients of every kind wait for jobs that end while Redis is unreachable. */
@Timeout(300)
class WaitersThroughOutageTest {
  private static final long LIMIT_SECONDS = 60;
  private static final Duration OUTAGE = Duration.ofSeconds(Figures.LONG ? 20 : 3);

  private RedisServer redis;
  private ConfigurableApplicationContext application;
  private McpHttp http;
  private int port;
  private final Map<String, CompletableFuture<Long>> heard = new LinkedHashMap<>();
  private final List<Stream> open = new ArrayList<>();

  @BeforeEach
  void start() {
    LegacyToolbox.reset();
    redis =
        RedisServer.start(
            RedisServer.onPath().orElseGet(RedisServer::bundled),
            "appendonly yes",
            "appendfsync always");
    application =
        new SpringApplicationBuilder(LonghaulApplication.class, LegacyToolbox.class)
            .run(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.threads.virtual.enabled=true",
                "--spring.data.redis.url=" + redis.url(),
                "--longhaul.standalone=true",
                "--longhaul.mcp.quiet=50ms",
                "--longhaul.mcp.hold=200s",
                "--longhaul.mcp.grace=50ms",
                "--longhaul.intake.poll-interval=150s");
    port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    http = new McpHttp(port);
  }

  @AfterEach
  void stop() {
    open.forEach(Stream::close);
    application.close();
    redis.close();
    LegacyToolbox.reset();
  }

  @Test
  void everyoneWhoWaitsHearsOfTheEndSoonAfterRedisWasKilledAndIsBack() throws Exception {
    everyoneWaits();
    redis.kill();
    outage();
    redis.restart();
    everyoneHears("killed");
  }

  @Test
  void everyoneWhoWaitsHearsOfTheEndSoonAfterRedisWasFrozen() throws Exception {
    everyoneWaits();
    redis.freeze();
    outage();
    redis.thaw();
    everyoneHears("frozen");
  }

  private void outage() {
    LockSupport.parkNanos(OUTAGE.dividedBy(2).toNanos());
    LegacyToolbox.go.release(100); // the tools end while Redis is unreachable
    LockSupport.parkNanos(OUTAGE.dividedBy(2).toNanos());
  }

  private void everyoneWaits() throws Exception {
    waits(
        "held call",
        // Named, because the Java SDK's time-out, which is assumed otherwise, is shorter.
        () ->
            assertThat(
                    http.modernCall("wait_for_test", "{}")
                        .header("User-Agent", "patient")
                        .send()
                        .text)
                .contains("waited"));
    LegacyToolbox.running();

    String session = http.initialize("2025-11-25", "test");
    String listening = http.initialize("2025-11-25", "test");
    waits(
        "held call, 2025-11-25",
        () ->
            assertThat(
                    http.legacy(session, "tools/call", McpHttp.callParams("wait_for_test", "{}"))
                        .send()
                        .text)
                .contains("waited"));
    LegacyToolbox.running();

    Stream feed = opened(http.listen(listening, null));
    feed.event();
    String legacyTask = legacyTask(listening);
    waits(
        "tasks/result, 2025-11-25",
        () ->
            assertThat(
                    http.legacy(
                            listening, "tasks/result", Replies.object().put("taskId", legacyTask))
                        .send()
                        .text)
                .contains("waited"));
    waits("tasks/status on the stream of a session", () -> until(feed, legacyTask));

    String task = http.modernTaskCall("wait_for_test").send().result().path("taskId").asString();
    LegacyToolbox.running();
    ObjectNode params = McpHttp.declaringTasks(Json.object("{}"));
    params.set("notifications", Json.tree("{\"taskIds\":[\"" + task + "\"]}"));
    Stream listen = opened(http.modern("subscriptions/listen", params).open());
    assertThat(String.valueOf(listen.next())).contains("acknowledged");
    waits("subscriptions/listen", () -> until(listen, task));

    String waited = submitted();
    waits(
        "REST, wait_seconds",
        () ->
            assertThat(get("/api/v1/jobs/" + waited + "?wait_seconds=200")).contains("completed"));
    watched(waited);
    String followed = submitted();
    waits(
        "REST, events",
        () -> assertThat(get("/api/v1/jobs/" + followed + "/events")).contains("completed"));
    watched(followed);
  }

  private String submitted() throws Exception {
    String call =
        "{\"method\":\"tools/call\",\"params\":{\"name\":\"wait_for_test\",\"arguments\":{}}}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(call))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
    }
    return LegacyToolbox.running().value();
  }

  /** Waits until the job is watched: from then on the request waits for the job's end. */
  private void watched(String id) {
    var template = application.getBean(StringRedisTemplate.class);
    await()
        .atMost(Duration.ofSeconds(LIMIT_SECONDS))
        .until(() ->
            template.keys("*" + id + "*").stream()
                .filter(key -> DataType.HASH.equals(template.type(key)))
                .anyMatch(key -> template.opsForHash().get(key, "w") != null));
  }

  private String legacyTask(String session) {
    ObjectNode params = McpHttp.callParams("wait_for_test", "{}");
    params.putObject("task");
    String id =
        http.legacy(session, "tools/call", params)
            .send()
            .result()
            .path("task")
            .path("taskId")
            .asString();
    LegacyToolbox.running();
    return id;
  }

  private static Object until(Stream stream, String task) {
    while (true) {
      String said = String.valueOf(stream.next());
      if (said.equals("null") || (said.contains(task) && said.contains("completed"))) {
        assertThat(said).contains("completed");
        return said;
      }
    }
  }

  private String get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private Stream opened(Stream stream) {
    open.add(stream);
    return stream;
  }

  private void waits(String who, Callable<?> wait) {
    CompletableFuture<Long> end = new CompletableFuture<>();
    heard.put(who, end);
    Thread.ofVirtual()
        .start(() -> {
          try {
            wait.call();
            end.complete(System.nanoTime());
          } catch (Throwable e) {
            end.completeExceptionally(e);
          }
        });
  }

  private void everyoneHears(String how) throws Exception {
    long back = System.nanoTime();
    for (Map.Entry<String, CompletableFuture<Long>> one : heard.entrySet()) {
      long millis;
      try {
        millis = (one.getValue().get(LIMIT_SECONDS, TimeUnit.SECONDS) - back) / 1_000_000;
      } catch (Exception e) {
        throw new AssertionError(one.getKey() + " does not hear of the end", e);
      }
      Figures.row("waiters-" + how, one.getKey() + ": hears of the end after, ms", millis);
      if (Figures.LONG) {
        assertThat(millis).as(one.getKey()).isLessThan(2_000);
      }
    }
  }
}
