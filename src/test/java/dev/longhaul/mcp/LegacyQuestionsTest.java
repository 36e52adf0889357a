package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.McpHttp.Event;
import dev.longhaul.mcp.McpHttp.Stream;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions to clients of earlier revisions, whose answers arrive at another process. */
@Timeout(180)
class LegacyQuestionsTest {
  private static final String ACCEPTED = "{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}";
  private static Replicas replicas;

  @BeforeAll
  static void start() {
    replicas =
        new Replicas(
            2,
            LegacyToolbox.class,
            "--longhaul.mcp.quiet=50ms",
            "--longhaul.mcp.keep-alive=100ms",
            "--longhaul.mcp.hold=100s",
            "--longhaul.mcp.clients.impatient.hold=300ms",
            "--longhaul.tools.ask_inline.execution=inline",
            "--longhaul.tools.speak.execution=inline",
            "--longhaul.tools.let_go.execution=inline");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  @BeforeEach
  void reset() {
    LegacyToolbox.reset();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ask_name", "ask_inline"})
  void p7_aQuestionIsAnsweredInAnotherProcess(String tool) {
    String session = begin("test");
    try (Stream call = call(0, session, tool)) {
      call.event();
      Event question = call.event();
      assertThat(question.json().path("method").asString()).isEqualTo("elicitation/create");
      assertThat(question.json().path("params").path("message").asString()).isEqualTo("Who?");
      assertThat(question.json().path("id").asString()).isNotEmpty();
      Answer taken = answer(1, session, question.json().path("id"), result(ACCEPTED));
      assertThat(taken.status()).isEqualTo(202);
      assertThat(taken.text).isEmpty();
      assertThat(call.event().data()).contains("accept Ann");
      // A second answer is accepted and ignored.
      assertThat(answer(1, session, question.json().path("id"), result(ACCEPTED)).status())
          .isEqualTo(202);
    }
  }

  @ParameterizedTest
  @CsvSource({"ask_name,decline", "ask_name,cancel", "ask_inline,decline", "ask_inline,cancel"})
  void p7_theUserMayDeclineOrCancel(String tool, String action) {
    String session = begin("test");
    try (Stream call = call(0, session, tool)) {
      call.event();
      JsonNode id = call.event().json().path("id");
      answer(1, session, id, result("{\"action\":\"" + action + "\"}"));
      assertThat(call.event().data()).contains(action + " nobody");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ask_name", "ask_inline"})
  void p7_aClientsErrorIsACancel(String tool) {
    String session = begin("test");
    try (Stream call = call(0, session, tool)) {
      call.event();
      JsonNode id = call.event().json().path("id");
      ObjectNode error = Replies.object();
      error.putObject("error").put("code", -32603).put("message", "no");
      assertThat(answer(1, session, id, error).status()).isEqualTo(202);
      assertThat(call.event().data()).contains("cancel nobody");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ask_name", "ask_inline"})
  void p7_anAnswerThatDoesNotFitIsRefusedAndAnotherMayFollow(String tool) {
    String session = begin("test");
    try (Stream call = call(0, session, tool)) {
      call.event();
      JsonNode id = call.event().json().path("id");
      Answer refused = answer(1, session, id, result("{\"action\":\"perhaps\"}"));
      assertThat(refused.status()).isEqualTo(400);
      Answer wrong =
          answer(1, session, id, result("{\"action\":\"accept\",\"content\":{\"name\":5}}"));
      assertThat(wrong.status()).isEqualTo(400);
      assertThat(answer(1, session, id, result(ACCEPTED)).status()).isEqualTo(202);
      assertThat(call.event().data()).contains("accept Ann");
    }
  }

  @Test
  void p7_anotherSessionCannotAnswer() {
    String session = begin("test");
    String stranger = begin("test");
    try (Stream call = call(0, session, "ask_name")) {
      call.event();
      JsonNode id = call.event().json().path("id");
      assertThat(answer(1, stranger, id, result("{\"action\":\"decline\"}")).status())
          .isEqualTo(202);
      answer(0, session, id, result(ACCEPTED));
      assertThat(call.event().data()).contains("accept Ann");
    }
  }

  @Test
  void p7_samplingAndRootsAreAskedToo() {
    String session = begin("test");
    try (Stream call = call(1, session, "sample_word")) {
      call.event();
      JsonNode question = call.event().json();
      assertThat(question.path("method").asString()).isEqualTo("sampling/createMessage");
      answer(
          0,
          session,
          question.path("id"),
          result(
              "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"tree\"}}"));
      assertThat(call.event().data()).contains("sampled tree");
    }
    try (Stream call = call(1, session, "ask_roots")) {
      call.event();
      JsonNode question = call.event().json();
      assertThat(question.path("method").asString()).isEqualTo("roots/list");
      answer(0, session, question.path("id"), result("{\"roots\":[{\"uri\":\"file:///a\"}]}"));
      assertThat(call.event().data()).contains("file:///a");
    }
  }

  @Test
  void p7_aRefusedSampleIsEmptyAndSaysWhy() {
    String session = begin("test");
    try (Stream call = call(1, session, "sample_word")) {
      call.event();
      ObjectNode error = Replies.object();
      error.putObject("error").put("code", -1).put("message", "User rejected it");
      answer(0, session, call.event().json().path("id"), error);
      assertThat(call.event().data()).contains("User rejected it");
    }
  }

  @Test
  void p5_aQuestionIsFoundAgainOnAResumedStream() {
    String session = begin("test");
    String id;
    try (Stream call = call(0, session, "ask_inline")) {
      id = call.event().id();
      call.event();
    }
    try (Stream rest = replicas.get(1).listen(session, id)) {
      rest.event();
      JsonNode question = rest.event().json();
      assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
      answer(1, session, question.path("id"), result(ACCEPTED));
      assertThat(rest.event().data()).contains("accept Ann");
      assertThat(rest.ended()).isTrue();
    }
  }

  @Test
  void p7_aHandedOverOperationAsksAgainWhenItIsContinued() {
    String session = begin("impatient");
    // On a slow machine the call may be handed over before its tool asks.
    JsonNode first = Replies.object();
    String operation;
    try (Stream call = call(0, session, "ask_name")) {
      call.event();
      JsonNode message = call.event().json();
      if (message.has("method")) {
        first = message.path("id");
        message = call.event().json();
      }
      operation = message.path("result").path("structuredContent").path("operation_id").asString();
    }
    ObjectNode params =
        McpHttp.callParams(
            "continue_operation", "{\"operation_id\":\"" + operation + "\",\"wait_seconds\":60}");
    try (Stream again = replicas.get(1).legacy(session, "tools/call", params).open()) {
      again.event();
      if (first.isString()) {
        JsonNode cancelled = again.event().json();
        assertThat(cancelled.path("method").asString()).isEqualTo("notifications/cancelled");
        assertThat(cancelled.path("params").path("requestId")).isEqualTo(first);
      }
      JsonNode second = again.event().json();
      assertThat(second.path("method").asString()).isEqualTo("elicitation/create");
      assertThat(second.path("id")).isNotEqualTo(first);
      answer(0, session, second.path("id"), result(ACCEPTED));
      assertThat(again.event().json().has("result")).isTrue();
    }
    // This request is held as briefly as the call, so it may have been handed over again.
    String arguments = Json.text(params.path("arguments"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> tool(session, "continue_operation", arguments).toString().contains("accept Ann"));
  }

  @Test
  void aCallThatIsHandedOverWhileItsUserIsAskedSaysSo() {
    String session = begin("test");
    String operation;
    try (Stream call = call(0, session, "ask_name")) {
      call.event();
      JsonNode question = call.event().json();
      assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
      JsonNode operations =
          tool(session, "list_operations", "{\"state\":\"input_required\"}")
              .path("structuredContent")
              .path("operations");
      operation = operations.path(0).path("operation_id").asString();
    }
    String id = "{\"operation_id\":\"" + operation + '"';
    JsonNode handedOver = tool(session, "continue_operation", id + ",\"wait_seconds\":0}");
    String asked = "waits for the user, who is asked: \"Who?\"";
    assertThat(handedOver.path("content").path(0).path("text").asString()).contains(asked);
    JsonNode waiting = handedOver.path("structuredContent").path("waiting");
    assertThat(waiting.path("reason").asString()).isEqualTo("answer");
    assertThat(waiting.path("text").asString()).isEqualTo(asked);
    assertThat(tool(session, "get_operation", id + "}").toString()).contains("who is asked");
    tool(session, "cancel_operation", id + "}");
  }

  @Test
  void p4_aCallWithoutAStreamAsksOnTheSessionsOwn() {
    String session = begin("test");
    try (Stream stream = replicas.get(1).listen(session, null)) {
      stream.event();
      var answer =
          CompletableFuture.supplyAsync(() ->
              replicas
                  .get(0)
                  .legacy(session, "tools/call", McpHttp.callParams("ask_inline", "{}"))
                  .header("Accept", "application/json")
                  .send());
      JsonNode question = stream.event().json();
      assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
      answer(1, session, question.path("id"), result(ACCEPTED));
      assertThat(answer.join().text).contains("accept Ann");
    }
  }

  @Test
  void aClientThatCannotBeAskedIsNotAsked() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    Answer refused =
        replicas
            .get(1)
            .legacy(session, "tools/call", McpHttp.callParams("ask_inline", "{}"))
            .header("Accept", "application/json")
            .send();
    assertThat(refused.text).contains("has not declared that capability");
  }

  @Test
  void p5_aToolMayLetItsClientGoAndAnswerLater() {
    String session = begin("test");
    String id;
    try (Stream call = call(0, session, "let_go")) {
      Event first = call.event();
      id = first.id();
      assertThat(call.event().retry()).isEqualTo("1000");
      assertThat(call.ended()).isTrue();
    }
    assertThat(FakeIntake.take(LegacyToolbox.RUNNING)).isEqualTo("let go");
    // The client can use the connection again although the tool still runs.
    assertThat(replicas.get(0).legacy(session, "ping", Replies.object()).send().status())
        .isEqualTo(200);
    try (Stream rest = replicas.get(1).listen(session, id)) {
      rest.event();
      LegacyToolbox.go.release();
      assertThat(rest.event().data()).contains("came back");
      assertThat(rest.ended()).isTrue();
    }
  }

  @Test
  void p5_aCallWhoseProcessIsGoneEndsWithAnErrorForWhoeverResumesIt() {
    String session = begin("test");
    String id;
    try (Stream call = call(0, session, "let_go")) {
      id = call.event().id();
      call.event();
    }
    assertThat(FakeIntake.take(LegacyToolbox.RUNNING)).isEqualTo("let go");
    // As if the process had died: the stream names a process without a lease.
    var redis = replicas.bean(1, StringRedisTemplate.class);
    String stream = redis.keys("*:stream:" + session + ":*").iterator().next();
    assertThat(redis.opsForHash().get(stream, "h")).isNotNull();
    redis.opsForHash().put(stream, "h", "gone");
    try (Stream rest = replicas.get(1).listen(session, id)) {
      rest.event();
      JsonNode answer = rest.event().json();
      assertThat(answer.path("id").asInt()).isEqualTo(1);
      assertThat(answer.path("error").path("message").asString()).contains("process that ran this");
      assertThat(rest.ended()).isTrue();
    } finally {
      LegacyToolbox.go.release();
    }
  }

  @ParameterizedTest
  @CsvSource({"debug,3", "info,2", "error,1", "emergency,0"})
  void p8_theSessionsLevelHoldsInEveryProcess(String level, int messages) {
    String session = begin("test");
    Answer set =
        replicas
            .get(0)
            .legacy(session, "logging/setLevel", Replies.object().put("level", level))
            .send();
    assertThat(set.result().toString()).isEqualTo("{}");
    if (messages == 0) {
      ObjectNode params = McpHttp.callParams("speak", "{}");
      assertThat(replicas.get(1).legacy(session, "tools/call", params).send().text)
          .contains("spoken")
          .doesNotContain("notifications/message");
      return;
    }
    try (Stream call = call(1, session, "speak")) {
      call.event();
      for (int i = 0; i < messages; i++) {
        assertThat(call.event().json().path("method").asString())
            .isEqualTo("notifications/message");
      }
      assertThat(call.event().data()).contains("spoken");
    }
  }

  @Test
  void p8_anUnknownLevelIsRefused() {
    String session = begin("test");
    ObjectNode params = Replies.object().put("level", "loud");
    assertThat(replicas.get(0).legacy(session, "logging/setLevel", params).send().code())
        .isEqualTo(-32602);
  }

  private static String begin(String name) {
    return replicas
        .get(0)
        .initialize("2025-11-25", name, "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}");
  }

  private static Stream call(int replica, String session, String tool) {
    return replicas
        .get(replica)
        .legacy(session, "tools/call", McpHttp.callParams(tool, "{}"))
        .open();
  }

  private static JsonNode tool(String session, String name, String arguments) {
    return replicas
        .get(1)
        .legacy(session, "tools/call", McpHttp.callParams(name, arguments))
        .send()
        .result();
  }

  private static ObjectNode result(String json) {
    ObjectNode body = Replies.object();
    body.set("result", Json.tree(json));
    return body;
  }

  private static Answer answer(int replica, String session, JsonNode id, ObjectNode body) {
    ObjectNode message = Replies.object().put("jsonrpc", "2.0");
    message.set("id", id);
    message.setAll(body);
    return replicas.get(replica).raw(message.toString()).header("Mcp-Session-Id", session).send();
  }
}
