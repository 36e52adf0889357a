package dev.longhaul.mcp;

import static dev.longhaul.mcp.McpHttp.P;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.stream.ManyStreamsProtocol;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Changes;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.Question;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Clients of 2026-07-28 whose requests go to two processes in turn. */
@Timeout(180)
class ModernReplicasTest {
  /** Longer than the grace, so that a client that declares tasks gets one. */
  private static final long PAUSE_MILLIS = 1_000;

  /** A new one for each test, so that a tool left over from an earlier test takes no permit. */
  private static volatile Semaphore go = new Semaphore(0);

  private static final BlockingQueue<String> RUNNING = new LinkedBlockingQueue<>();
  private static final BlockingQueue<WebServer> SERVERS = new LinkedBlockingQueue<>();
  private static Replicas replicas;

  static class WaitingTools {
    @McpTool(name = "wait_for_test", description = "Waits for the test")
    String waitForTest() throws InterruptedException {
      RUNNING.add(JobContext.current().id());
      go.acquire();
      return "waited";
    }

    @McpTool(name = "inline_asks", description = "Asks twice, where it was called")
    String inlineAsks() {
      return "inline " + ask("first") + ask("second");
    }

    @McpTool(name = "queued_asks", description = "Asks once, in a worker")
    String queuedAsks() throws InterruptedException {
      go.acquire();
      return "queued " + ask("only");
    }

    @McpTool(name = "quick_asks", description = "Asks at once, in a worker")
    String quickAsks() {
      return "quick " + ask("only");
    }

    @McpTool(name = "queued_asks_twice", description = "Asks two things, one after the other")
    String queuedAsksTwice() throws InterruptedException {
      Thread.sleep(PAUSE_MILLIS);
      return "twice " + ask(null) + ask(null);
    }

    private static String ask(@Nullable String key) {
      ObjectNode params = Json.object("{\"mode\":\"form\",\"message\":\"Which?\"}");
      params.set(
          "requestedSchema",
          Json.tree("{\"type\":\"object\",\"properties\":{\"word\":{\"type\":\"string\"}}}"));
      return JobContext.current()
          .ask(List.of(new Question(key, "elicitation/create", params)))
          .getFirst()
          .path("content")
          .path("word")
          .asString("nothing");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    WaitingTools waitingTools() {
      return new WaitingTools();
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> servers() {
      return started -> SERVERS.add(started.getWebServer());
    }
  }

  @BeforeAll
  static void start() {
    replicas =
        new Replicas(
            2,
            Tools.class,
            "--longhaul.mcp.grace=100ms",
            "--longhaul.mcp.keep-alive=100ms",
            "--management.endpoints.web.exposure.include=statekeys",
            "--longhaul.tools.inline_asks.execution=inline");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  @BeforeEach
  void reset() {
    Semaphore before = go;
    go = new Semaphore(0);
    before.release(100);
    RUNNING.clear();
  }

  @Test
  void a1_m7_m16_aTaskIsKnownAtOnceToTheOtherReplicaAndFinishedIsFinal() throws Exception {
    String id = create("wait_for_test");
    RUNNING.take();
    for (int replica = 0; replica < 4; replica++) {
      assertThat(get(id).path("status").asString()).isEqualTo("working");
    }
    go.release();
    JsonNode task = until(id, "completed");
    assertThat(task.path("result").toString()).contains("waited");
    assertThat(acknowledged("tasks/cancel", taskParams(id))).isTrue();
    assertThat(get(id)).isEqualTo(task);
    assertThat(get(id)).isEqualTo(task);
  }

  @Test
  void m14_aTaskIsCancelledByTheOtherReplica() throws Exception {
    String id = create("wait_for_test");
    RUNNING.take();
    assertThat(acknowledged("tasks/cancel", taskParams(id))).isTrue();
    assertThat(get(id).path("status").asString()).isEqualTo("cancelled");
    assertThat(get(id).path("status").asString()).isEqualTo("cancelled");
  }

  @Test
  void m13_m20_aTaskIsHeardOfOnOneReplicaAnsweredOnAnotherAndToldInFull() {
    String id = create("queued_asks");
    try (Stream one = listen(replicas.get(0), id);
        Stream two = listen(replicas.get(1), id)) {
      go.release();
      for (Stream stream : List.of(one, two)) {
        JsonNode asking = told(stream, "input_required");
        assertThat(asking.path("inputRequests").path("only").path("method").asString())
            .isEqualTo("elicitation/create");
      }
      ObjectNode update = taskParams(id);
      update.set("inputResponses", answers("only", "word"));
      assertThat(acknowledged("tasks/update", update)).isTrue();
      for (Stream stream : List.of(one, two)) {
        assertThat(told(stream, "completed").path("result").toString()).contains("queued word");
      }
    }
  }

  @Test
  void l6_aChangeOnOneReplicaIsToldOnTheOther() {
    for (int here = 0; here < 2; here++) {
      ObjectNode params = Replies.object();
      params.putObject("notifications").put("toolsListChanged", true);
      try (Stream stream = replicas.get(here).modern("subscriptions/listen", params).open()) {
        assertThat(next(stream).path("method").asString()).endsWith("acknowledged");
        replicas.bean(1 - here, Changes.class).tools();
        assertThat(next(stream).path("method").asString())
            .isEqualTo("notifications/tools/list_changed");
      }
    }
  }

  @Test
  void j2_j6_eachRoundOfQuestionsMayReachAnotherReplica() {
    JsonNode first = ask("inline_asks", null, null);
    assertThat(first.path("resultType").asString()).isEqualTo("input_required");
    JsonNode second = ask("inline_asks", first, answers("first", "a"));
    assertThat(second.path("resultType").asString()).isEqualTo("input_required");
    assertThat(second.path("requestState")).isNotEqualTo(first.path("requestState"));
    JsonNode last = ask("inline_asks", second, answers("second", "b"));
    assertThat(last.path("content").toString()).contains("inline ab");
  }

  @Test
  void aRotationOfTheSigningKeyBetweenTwoRoundsIsNotNoticed() throws Exception {
    JsonNode first = ask("inline_asks", null, null);
    URI endpoint =
        URI.create("http://localhost:" + SERVERS.peek().getPort() + "/actuator/statekeys");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> rotated =
          http.send(
              HttpRequest.newBuilder(endpoint)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
      assertThat(rotated.body()).isEqualTo("{\"accepted\":2}");
    }
    JsonNode second = ask("inline_asks", first, answers("first", "a"));
    JsonNode last = ask("inline_asks", second, answers("second", "b"));
    assertThat(last.path("content").toString()).contains("inline ab");
  }

  @Test
  void j8_whoeverNeverComesBackHoldsNothing() {
    for (int i = 0; i < 20; i++) {
      assertThat(ask("inline_asks", null, null).path("resultType").asString())
          .isEqualTo("input_required");
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> LiveThreads.within(McpServlet.class) == 0);
  }

  @Test
  void m9_m12_m13_noKeyIsUsedTwiceAndUnknownKeysAreIgnored() {
    String id = create("queued_asks_twice");
    JsonNode first = until(id, "input_required").path("inputRequests");
    String one = first.propertyNames().iterator().next();
    ObjectNode update = taskParams(id);
    update.set("inputResponses", answers("nobody-asked", "x"));
    assertThat(acknowledged("tasks/update", update)).isTrue();
    assertThat(get(id).path("inputRequests")).isEqualTo(first);
    update.set("inputResponses", answers(one, "a"));
    assertThat(acknowledged("tasks/update", update)).isTrue();
    JsonNode second =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> get(id).path("inputRequests"), asked -> !asked.isEmpty() && !asked.has(one));
    String two = second.propertyNames().iterator().next();
    update.set("inputResponses", answers(one, "late").setAll(answers(two, "b")));
    assertThat(acknowledged("tasks/update", update)).isTrue();
    assertThat(until(id, "completed").path("result").toString()).contains("twice ab");
  }

  @Test
  void j7_m18_aJobThatAsksWithinTheGraceGoesOnOnTheOtherReplica() {
    JsonNode first = ask("quick_asks", null, null);
    while (first.path("resultType").asString().equals("task")) {
      // The machine was too slow to ask within the grace.
      first = ask("quick_asks", null, null);
    }
    assertThat(first.path("resultType").asString()).isEqualTo("input_required");
    JsonNode last = ask("quick_asks", first, answers("only", "word"));
    assertThat(last.toString()).contains("quick word");
  }

  @Test
  void theApplicationKeepsSmallBuffersForItsStreams() {
    assertThat(SERVERS.peek())
        .isInstanceOfSatisfying(
            TomcatWebServer.class,
            server ->
                assertThat(server.getTomcat().getConnector().getProtocolHandler())
                    .isInstanceOf(ManyStreamsProtocol.class));
  }

  private static JsonNode ask(
      String tool, @Nullable JsonNode before, @Nullable ObjectNode responses) {
    ObjectNode params = asking(McpHttp.callParams(tool, "{}"));
    if (before != null && responses != null) {
      params.set("inputResponses", responses);
      params.set("requestState", before.path("requestState"));
    }
    Answer answer = replicas.next().modern("tools/call", params).send();
    int data = answer.text.lastIndexOf("data: ");
    return Json.tree(data < 0 ? answer.text : answer.text.substring(data + 6)).path("result");
  }

  private static String create(String tool) {
    ObjectNode params = asking(McpHttp.callParams(tool, "{}"));
    JsonNode created = replicas.next().modern("tools/call", params).send().result();
    assertThat(created.path("resultType").asString()).isEqualTo("task");
    return created.path("taskId").asString();
  }

  private static ObjectNode asking(ObjectNode params) {
    McpHttp.declaringTasks(params);
    ((ObjectNode) params.path("_meta").path(P + "clientCapabilities")).putObject("elicitation");
    return params;
  }

  private static JsonNode get(String id) {
    JsonNode task = replicas.next().modern("tasks/get", taskParams(id)).send().result();
    ((ObjectNode) task).remove("_meta");
    return task;
  }

  private static JsonNode until(String id, String status) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get(id), task -> task.path("status").asString().equals(status));
  }

  private static boolean acknowledged(String method, ObjectNode params) {
    JsonNode result = replicas.next().modern(method, params).send().result();
    return result.path("resultType").asString().equals("complete") && !result.has("taskId");
  }

  private static ObjectNode taskParams(String id) {
    return McpHttp.declaringTasks(Replies.object().put("taskId", id));
  }

  private static ObjectNode answers(String key, String word) {
    ObjectNode responses = Replies.object();
    responses.putObject(key).put("action", "accept").putObject("content").put("word", word);
    return responses;
  }

  private static Stream listen(McpHttp door, String id) {
    ObjectNode params = McpHttp.declaringTasks(Replies.object());
    params.putObject("notifications").putArray("taskIds").add(id);
    Stream stream = door.modern("subscriptions/listen", params).open();
    assertThat(next(stream).path("params").path("notifications").path("taskIds").get(0).asString())
        .isEqualTo(id);
    return stream;
  }

  /** Reads notifications of the task until it has this status. */
  private static JsonNode told(Stream stream, String status) {
    while (true) {
      JsonNode message = next(stream);
      assertThat(message.path("method").asString()).isEqualTo("notifications/tasks");
      if (message.path("params").path("status").asString().equals(status)) {
        return message.path("params");
      }
    }
  }

  private static JsonNode next(Stream stream) {
    return Objects.requireNonNull(stream.next(), "the stream ended");
  }
}
