package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The experimental tasks of 2025-11-25; requests go to two processes in turn. */
@Timeout(180)
class LegacyTasksTest {
  private static final String RELATED = "io.modelcontextprotocol/related-task";
  private static Replicas replicas;

  @BeforeAll
  static void start() {
    replicas =
        new Replicas(
            2,
            LegacyToolbox.class,
            "--longhaul.mcp.quiet=50ms",
            "--longhaul.mcp.keep-alive=100ms",
            "--longhaul.mcp.task-ttl=30m",
            "--longhaul.tools.ask_inline.execution=inline",
            "--longhaul.tools.ask_name.poll-interval=7s",
            "--longhaul.tools.fails.task-support=required");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  @BeforeEach
  void reset() {
    LegacyToolbox.reset();
  }

  @Test
  void q1_theCapabilityIsDeclared() {
    ObjectNode params = Replies.object().put("protocolVersion", "2025-11-25");
    params.putObject("capabilities");
    JsonNode tasks =
        replicas
            .next()
            .raw(McpHttp.request(1, "initialize", params).toString())
            .send()
            .result()
            .path("capabilities")
            .path("tasks");
    assertThat(tasks.toString())
        .isEqualTo("{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}");
  }

  @Test
  void q2_toolsSayWhetherTheyRunAsTasks() {
    assertThat(support(begin("2025-11-25"), "wait_for_test")).isEqualTo("optional");
    assertThat(support(begin("2025-11-25"), "fails")).isEqualTo("required");
    assertThat(support(begin("2025-11-25"), "ask_inline")).isEmpty();
    assertThat(support(begin("2025-11-25"), "list_operations")).isEmpty();
    assertThat(support(begin("2025-06-18"), "wait_for_test")).isEmpty();
  }

  @Test
  void q3_aCallThatDoesNotFitItsToolIsRefused() {
    String session = begin("2025-11-25");
    assertThat(send(session, "tools/call", McpHttp.callParams("fails", "{}")).code())
        .isEqualTo(-32601);
    assertThat(send(session, "tools/call", asTask("ask_inline", null)).code()).isEqualTo(-32601);
    assertThat(send(session, "tools/call", asTask("list_operations", null)).code())
        .isEqualTo(-32601);
  }

  @Test
  void q4_q6_q7_aTaskBeginsInWorkingAndTellsItsTtl() {
    String session = begin("2025-11-25");
    JsonNode result = send(session, "tools/call", asTask("wait_for_test", 90_000L)).result();
    JsonNode task = result.path("task");
    assertThat(result.size()).isEqualTo(1);
    assertThat(task.path("status").asString()).isEqualTo("working");
    assertThat(task.path("ttl").asLong()).isEqualTo(90_000);
    assertThat(task.path("pollInterval").asLong()).isEqualTo(1_000);
    assertThat(task.path("createdAt").asString()).endsWith("Z");
    assertThat(task.path("lastUpdatedAt").asString()).endsWith("Z");
    JobId id = LegacyToolbox.running();
    assertThat(task.path("taskId").asString()).isEqualTo(id.value());

    JsonNode now = get(session, id);
    assertThat(now.path("status").asString()).isEqualTo("working");
    assertThat(now.path("ttl").asLong()).isEqualTo(90_000);
    assertThat(now.path("_meta").isMissingNode()).isTrue();
    LegacyToolbox.go.release();
    awaitStatus(session, id, "completed");
  }

  @Test
  void q4_withoutATtlTheServersIsPromised() {
    String session = begin("2025-11-25");
    JsonNode task = send(session, "tools/call", asTask("ask_name", null)).result().path("task");
    assertThat(task.path("ttl").asLong()).isEqualTo(Duration.ofMinutes(30).toMillis());
    assertThat(task.path("pollInterval").asLong()).isEqualTo(7_000); // set by the tool
    ObjectNode wrong = McpHttp.callParams("ask_name", "{}");
    wrong.putObject("task").put("ttl", "long");
    assertThat(send(session, "tools/call", wrong).code()).isEqualTo(-32602);
    wrong.put("task", true);
    assertThat(send(session, "tools/call", wrong).code()).isEqualTo(-32602);
    send(session, "tasks/cancel", Replies.object().put("taskId", task.path("taskId").asString()));
  }

  @Test
  void q5_aRevisionWithoutTasksIgnoresTheParameter() {
    String session = begin("2025-06-18");
    LegacyToolbox.go.release();
    Answer plain =
        replicas
            .next()
            .legacy(session, "tools/call", asTask("wait_for_test", null))
            .header("Accept", "application/json")
            .send();
    assertThat(plain.text).contains("waited");
    ObjectNode params = Replies.object().put("taskId", "x");
    assertThat(send(session, "tasks/get", params).code()).isEqualTo(-32601);
  }

  @Test
  void q8_q14_theResultIsAwaitedWithProgressAndSaysItsTask() {
    String session = begin("2025-11-25");
    ObjectNode params = asTask("wait_for_test", null);
    params.putObject("_meta").put("progressToken", "tok");
    send(session, "tools/call", params);
    JobId id = LegacyToolbox.running();
    try (Stream result = result(session, id)) {
      result.event();
      JsonNode progress = result.event().json();
      assertThat(progress.path("params").path("progressToken").asString()).isEqualTo("tok");
      assertThat(related(progress.path("params"))).isEqualTo(id.value());
      LegacyToolbox.go.release();
      JsonNode answer = result.event().json();
      assertThat(answer.path("id").asInt()).isEqualTo(1);
      assertThat(answer.path("result").path("content").get(0).path("text").asString())
          .contains("waited");
      assertThat(related(answer.path("result"))).isEqualTo(id.value());
    }
    // The result can be read again after the end.
    assertThat(send(session, "tasks/result", taskId(id)).text).contains("waited").contains(RELATED);
  }

  @Test
  void q6_q9_aQuestionOfATaskComesOnTheStreamOfItsResult() {
    String session = begin("2025-11-25");
    JobId id = create(session, "ask_name");
    awaitStatus(session, id, "input_required");
    try (Stream result = result(session, id)) {
      result.event();
      JsonNode question = result.event().json();
      assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
      assertThat(related(question.path("params"))).isEqualTo(id.value());
      ObjectNode answer = Replies.object().put("jsonrpc", "2.0");
      answer.set("id", question.path("id"));
      answer.set("result", Json.tree("{\"action\":\"accept\",\"content\":{\"name\":\"Bob\"}}"));
      replicas.next().raw(answer.toString()).header("Mcp-Session-Id", session).send();
      assertThat(result.event().data()).contains("accept Bob");
    }
    awaitStatus(session, id, "completed");
  }

  @Test
  void aClientThatOnlyPollsIsAskedOnTheStreamOfItsSecondLook() {
    String session = begin("2025-11-25");
    JobId id = create(session, "ask_name");
    // The first poll in state input_required; the specification requires tasks/result next.
    awaitStatus(session, id, "input_required");
    JsonNode question;
    try (Stream look = replicas.next().legacy(session, "tasks/get", taskId(id)).open()) {
      question = Objects.requireNonNull(look.next());
      JsonNode task = Objects.requireNonNull(look.next()).path("result");
      assertThat(task.path("statusMessage").asString())
          .contains("the user, who is asked: \"Who?\"");
      assertThat(look.next()).isNull();
    }
    assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
    assertThat(related(question.path("params"))).isEqualTo(id.value());
    // It is not asked again, and a client without the capability is never asked.
    assertThat(send(session, "tasks/get", taskId(id)).text).doesNotContain("elicitation/create");
    String mute = replicas.next().initialize("2025-11-25", "mute", "{}");
    get(mute, id);
    assertThat(send(mute, "tasks/get", taskId(id)).text).doesNotContain("elicitation/create");
    ObjectNode answer = Replies.object().put("jsonrpc", "2.0");
    answer.set("id", question.path("id"));
    answer.set("result", Json.tree("{\"action\":\"accept\",\"content\":{\"name\":\"Bob\"}}"));
    replicas.next().raw(answer.toString()).header("Mcp-Session-Id", session).send();
    awaitStatus(session, id, "completed");
    assertThat(send(session, "tasks/result", taskId(id)).text).contains("accept Bob");
  }

  @Test
  void aClientThatPollsWithoutAStreamIsAskedOnTheSessionsOwn() {
    String session = begin("2025-11-25");
    try (Stream stream = replicas.get(1).listen(session, null)) {
      stream.event();
      JobId id = create(session, "ask_name");
      awaitStatus(session, id, "input_required");
      replicas
          .get(0)
          .legacy(session, "tasks/get", taskId(id))
          .header("Accept", "application/json")
          .send();
      JsonNode told = stream.event().json();
      while (!told.path("method").asString().equals("elicitation/create")) {
        told = stream.event().json();
      }
      assertThat(related(told.path("params"))).isEqualTo(id.value());
    }
  }

  @Test
  void q8_theResultIsResumedInAnotherProcess() {
    String session = begin("2025-11-25");
    JobId id = create(session, "wait_for_test");
    LegacyToolbox.running();
    String event;
    try (Stream result = replicas.get(0).legacy(session, "tasks/result", taskId(id)).open()) {
      event = result.event().id();
    }
    try (Stream rest = replicas.get(1).listen(session, event)) {
      rest.event();
      LegacyToolbox.go.release();
      JsonNode answer = rest.event().json();
      assertThat(related(answer.path("result"))).isEqualTo(id.value());
      assertThat(answer.toString()).contains("waited");
    }
  }

  @Test
  void q10_tasksAreListedPageByPage() {
    String session = begin("2025-11-25");
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      created.add(create(session, "fails").value());
    }
    List<String> listed = new ArrayList<>();
    ObjectNode params = Replies.object();
    int pages = 0;
    while (true) {
      JsonNode page = send(session, "tasks/list", params).result();
      page.path("tasks").forEach(task -> listed.add(task.path("taskId").asString()));
      pages++;
      if (!page.has("nextCursor")) {
        break;
      }
      params = Replies.object().put("cursor", page.path("nextCursor").asString());
    }
    assertThat(listed).containsAll(created).doesNotHaveDuplicates();
    assertThat(pages).isGreaterThan(1);
    for (String bad : new String[] {"{\"cursor\":\"bad cursor\"}", "{\"cursor\":5}"}) {
      assertThat(send(session, "tasks/list", Json.object(bad)).code()).isEqualTo(-32602);
    }
  }

  @Test
  void q11_cancelledIsFinal() {
    String session = begin("2025-11-25");
    JobId id = create(session, "wait_for_test");
    assertThat(LegacyToolbox.running()).isEqualTo(id);
    JsonNode cancelled = send(session, "tasks/cancel", taskId(id)).result();
    assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
    assertThat(cancelled.path("taskId").asString()).isEqualTo(id.value());
    assertThat(FakeIntake.take(LegacyToolbox.STOPPED)).isEqualTo(id.value());
    assertThat(get(session, id).path("status").asString()).isEqualTo("cancelled");
    assertThat(send(session, "tasks/cancel", taskId(id)).code()).isEqualTo(-32602);
  }

  @Test
  void q12_aResultWithIsErrorMakesTheTaskFailed() {
    String session = begin("2025-11-25");
    JobId id = create(session, "fails");
    awaitStatus(session, id, "failed");
    assertThat(send(session, "tasks/result", taskId(id)).text)
        .contains("it broke")
        .contains("\"isError\":true")
        .contains(RELATED);
  }

  @Test
  void q13_aChangedStatusIsToldOnTheSessionsStream() {
    String session = begin("2025-11-25");
    try (Stream stream = replicas.get(1).listen(session, null)) {
      stream.event();
      JsonNode task =
          replicas
              .get(0)
              .legacy(session, "tools/call", asTask("wait_for_test", null))
              .send()
              .result()
              .path("task");
      LegacyToolbox.running();
      LegacyToolbox.go.release();
      JsonNode told = stream.event().json();
      assertThat(told.path("method").asString()).isEqualTo("notifications/tasks/status");
      assertThat(told.path("params").path("taskId")).isEqualTo(task.path("taskId"));
      assertThat(told.path("params").path("status").asString()).isEqualTo("completed");
      assertThat(told.path("params").has("ttl")).isTrue();
      assertThat(told.path("params").has("_meta")).isFalse();
    }
  }

  @Test
  void q15_anUnknownTaskIsInvalid() {
    String session = begin("2025-11-25");
    for (String method : new String[] {"tasks/get", "tasks/result", "tasks/cancel"}) {
      assertThat(send(session, method, Replies.object().put("taskId", "unknown")).code())
          .isEqualTo(-32602);
      assertThat(send(session, method, taskId(JobId.create(0, 0))).code()).isEqualTo(-32602);
      assertThat(send(session, method, Replies.object()).code()).isEqualTo(-32602);
    }
  }

  private static String begin(String version) {
    return replicas.next().initialize(version, "test", "{\"elicitation\":{}}");
  }

  private static ObjectNode asTask(String tool, @Nullable Long ttl) {
    ObjectNode params = McpHttp.callParams(tool, "{}");
    ObjectNode task = params.putObject("task");
    if (ttl != null) {
      task.put("ttl", ttl);
    }
    return params;
  }

  private static ObjectNode taskId(JobId id) {
    return Replies.object().put("taskId", id.value());
  }

  private static JobId create(String session, String tool) {
    JsonNode result = send(session, "tools/call", asTask(tool, null)).result();
    return new JobId(result.path("task").path("taskId").asString());
  }

  private static Answer send(String session, String method, ObjectNode params) {
    return replicas.next().legacy(session, method, params).send();
  }

  private static Stream result(String session, JobId id) {
    return replicas.next().legacy(session, "tasks/result", taskId(id)).open();
  }

  private static JsonNode get(String session, JobId id) {
    return send(session, "tasks/get", taskId(id)).result();
  }

  private static String related(JsonNode resultOrParams) {
    return resultOrParams.path("_meta").path(RELATED).path("taskId").asString("");
  }

  private static String support(String session, String tool) {
    for (JsonNode listed : send(session, "tools/list", Replies.object()).result().path("tools")) {
      if (listed.path("name").asString().equals(tool)) {
        return listed.path("execution").path("taskSupport").asString("");
      }
    }
    throw new AssertionError("not listed: " + tool);
  }

  private static void awaitStatus(String session, JobId id, String status) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(get(session, id).path("status").asString()).isEqualTo(status));
  }
}
