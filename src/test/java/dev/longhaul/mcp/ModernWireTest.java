package dev.longhaul.mcp;

import static dev.longhaul.mcp.McpHttp.P;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Points of the checklist that the public conformance suite does not test. */
class ModernWireTest extends McpTest {

  @Test
  void a1_nothingIsRememberedFromAnEarlierRequest() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    Answer undeclared = http.modern("tasks/get", Replies.object().put("taskId", id.value())).send();
    assertThat(undeclared.code()).isEqualTo(-32021);
  }

  @Test
  void a6_initializeOffersAnEarlierRevisionWhenAskedForThisOne() {
    ObjectNode params = Replies.object().put("protocolVersion", McpHttp.MODERN);
    params.putObject("capabilities");
    JsonNode result = http.raw(McpHttp.request(0, "initialize", params).toString()).send().result();
    assertThat(result.path("protocolVersion").asString()).isEqualTo("2025-11-25");
  }

  @Test
  void a7_withoutVersionHeaderARequestNeedsASession() {
    ObjectNode list = McpHttp.request(1, "tools/list", Replies.object());
    assertThat(http.raw(list.toString()).send().status()).isEqualTo(400);
    String session = http.initialize("2025-03-26", "old");
    assertThat(http.raw(list.toString()).header("Mcp-Session-Id", session).send().status())
        .isEqualTo(200);
  }

  @Test
  void a8_initializeOnThisRevisionIsToldWhichRevisionsAreServed() {
    Answer answer = http.modern("initialize", Replies.object()).send();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text).contains("2026-07-28").contains("2025-11-25").contains("2025-03-26");
  }

  @Test
  void b1_anArrayIsNotAMessage() {
    Answer answer =
        http.raw("[" + McpHttp.request(1, "tools/list", Replies.object()) + "]")
            .header("MCP-Protocol-Version", McpHttp.MODERN)
            .send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(-32600);
  }

  @Test
  void b8_b9_b10_codesAreTheProtocolsOrOutsideTheReservedRange() throws Exception {
    Set<Integer> protocol = Set.of(-32700, -32600, -32601, -32602, -32603, -32020, -32021, -32022);
    // Only in earlier revisions: unknown session, unknown resource.
    Set<Integer> earlier = Set.of(-32001, -32002);
    for (Field field : ErrorCode.class.getFields()) {
      int code = field.getInt(null);
      assertThat(
              protocol.contains(code) || earlier.contains(code) || code < -32768 || code > -32000)
          .as(field.getName())
          .isTrue();
    }
  }

  @Test
  void b5_c7_aStreamCarriesOnlyWhatBelongsToItsRequest() {
    try (var one = http.modern("tools/call", held("first")).open();
        var two = http.modern("tools/call", held("second")).open()) {
      JobId a = intake.nextSubmitted();
      JobId b = intake.nextSubmitted();
      intake.progress(a, new Progress(0.5, "a"));
      intake.progress(b, new Progress(0.5, "b"));
      intake.finish(a, new Outcome.Answered(FakeIntake.text("done"), false));
      intake.finish(b, new Outcome.Answered(FakeIntake.text("done"), false));
      for (var stream : List.of(one, two)) {
        List<JsonNode> messages = all(stream);
        Set<String> tokens = new java.util.HashSet<>();
        for (JsonNode message : messages.subList(0, messages.size() - 1)) {
          assertThat(message.has("id")).as("no request, no answer of another call").isFalse();
          tokens.add(message.path("params").path("progressToken").asString());
        }
        assertThat(tokens.size()).isLessThanOrEqualTo(1);
        assertThat(messages.getLast().path("id").asInt()).isEqualTo(1);
        assertThat(messages.getLast().has("result")).isTrue();
      }
    }
  }

  @Test
  void c9_eventsHaveNoIdsAndLastEventIdIsIgnored() {
    try (var stream = http.modernCall("slow", "{}").header("Last-Event-ID", "7").open()) {
      JobId id = intake.nextSubmitted();
      intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
      for (String line = stream.line(); !line.equals("null"); line = stream.line()) {
        assertThat(line).doesNotStartWith("id:").doesNotStartWith("retry:");
      }
    }
  }

  @Test
  void c13_callsOfOneClientRunSideBySide() {
    var held = CompletableFuture.supplyAsync(() -> http.modernCall("slow", "{}").send());
    JobId id = intake.nextSubmitted();
    assertThat(http.modernCall("quick", "{}").send().status()).isEqualTo(200);
    assertThat(http.modern("tools/list", Replies.object()).send().status()).isEqualTo(200);
    assertThat(held).isNotDone();
    intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
    assertThat(held.join().text).contains("late");
  }

  @Test
  void d5_theNameHeaderOfATaskMethodIsItsTaskId() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    for (String method : List.of("tasks/get", "tasks/cancel")) {
      Answer other = http.modernTask(method, id.value()).header("Mcp-Name", "other").send();
      assertThat(other.status()).isEqualTo(400);
      assertThat(other.code()).isEqualTo(-32020);
    }
    assertThat(http.modernTask("tasks/get", id.value()).send().status()).isEqualTo(200);
    // fastmcp-tasks 4.1 does not send the header Mcp-Name with these methods.
    assertThat(http.modernTask("tasks/get", id.value()).header("Mcp-Name", null).send().status())
        .isEqualTo(200);
  }

  @Test
  void d17_theToolGetsTheArgumentOfTheBody() {
    http.modernCall("inline_mirrored", "{\"level\":42}").header("Mcp-Param-Level", "42.0").send();
    assertThat(FakeIntake.take(intake.submissions).params().path("arguments").toString())
        .isEqualTo("{\"level\":42}");
  }

  @Test
  void e2_e4_e6_whoTheClientSaysItIsChangesNothing() {
    Answer plain = http.modernCall("inline_echo", "{\"text\":\"a\"}").send();
    for (String info : List.of("{\"name\":\"admin\",\"version\":\"1\"}", "{}")) {
      ObjectNode params = McpHttp.callParams("inline_echo", "{\"text\":\"a\"}");
      ObjectNode meta = params.putObject("_meta");
      meta.set(P + "clientInfo", Json.tree(info));
      meta.put("com.example/unknown", true).put(P + "somethingNew", 5);
      Answer named = http.modern("tools/call", params).send();
      assertThat(named.status()).isEqualTo(200);
      assertThat(named.result().path("content")).isEqualTo(plain.result().path("content"));
    }
  }

  @Test
  void aClientWithoutANameIsCalledWhatItsUserAgentSays() {
    http.modernCall("inline_echo", "{\"text\":\"a\"}")
        .header("User-Agent", "Java-http-client/25.0.3")
        .send();
    assertThat(FakeIntake.take(intake.submissions).client().name()).isEqualTo("Java-http-client");
    http.modernCall("inline_echo", "{\"text\":\"a\"}").header("User-Agent", "curl").send();
    assertThat(FakeIntake.take(intake.submissions).client().name()).isEqualTo("curl");
  }

  @Test
  void e7_traceContextNeverFailsACall() {
    for (String parent :
        List.of(
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-0000000000000000-00",
            "nonsense",
            "")) {
      ObjectNode params = McpHttp.callParams("inline_echo", "{}");
      params
          .putObject("_meta")
          .put("traceparent", parent)
          .put("tracestate", "=,=,")
          .put("baggage", "a=1,=");
      assertThat(http.modern("tools/call", params).send().result().has("content")).isTrue();
    }
    ObjectNode params = McpHttp.callParams("inline_echo", "{}");
    params.putObject("_meta").put("traceparent", 5).putObject("baggage");
    assertThat(http.modern("tools/call", params).send().result().has("content")).isTrue();
  }

  @Test
  void f5_m2_aToolNeverBecomesATaskForAClientWithoutTheExtension() {
    String session = http.initialize("2025-11-25", "impatient");
    ObjectNode legacy = McpHttp.declaringTasks(McpHttp.callParams("slow", "{}"));
    // In an earlier revision the declaration has no effect.
    Answer handedOver = http.legacy(session, "tools/call", legacy).send();
    assertThat(handedOver.text).contains("continue_operation").doesNotContain("\"task\"");
    assertThat(http.modernCall("quick", "{}").send().result().path("resultType").asString())
        .isEqualTo("complete");
  }

  @Test
  void g1_listsAreTheSameOnEveryConnectionAndAfterCalls() {
    String before = http.modern("tools/list", Replies.object()).send().result().toString();
    http.modernTaskCall("slow").send();
    String after =
        http.modern("tools/list", Replies.object())
            .header("Test-Caller", "somebody else")
            .send()
            .result()
            .toString();
    assertThat(after).isEqualTo(before);
  }

  @Test
  void g3_g5_everyPageOfAListHasTheSameCacheHints() {
    ObjectNode params = Replies.object();
    Set<String> hints = new java.util.HashSet<>();
    while (true) {
      JsonNode result = http.modern("tools/list", params).send().result();
      assertThat(result.path("ttlMs").isIntegralNumber()).isTrue();
      hints.add(result.path("ttlMs") + " " + result.path("cacheScope"));
      if (!result.has("nextCursor")) {
        break;
      }
      params = Replies.object().put("cursor", result.path("nextCursor").asString());
    }
    assertThat(hints).hasSize(1);
  }

  @Test
  void i6_anUnknownLogLevelIsRefused() {
    for (String level : List.of("\"loud\"", "5", "\"INFO\"")) {
      ObjectNode params = McpHttp.callParams("inline_echo", "{}");
      params.putObject("_meta").set(P + "logLevel", Json.tree(level));
      assertThat(http.modern("tools/call", params).send().code()).as(level).isEqualTo(-32602);
    }
  }

  @Test
  void k2_m22_aPostedCancelIsTakenAndCancelsNothing() {
    try (var stream = http.modernCall("slow", "{}").open()) {
      JobId id = intake.nextSubmitted();
      ObjectNode params = Replies.object().put("requestId", 1);
      params.putObject("_meta").put(P + "protocolVersion", McpHttp.MODERN);
      Answer taken =
          http.raw(Replies.notification("notifications/cancelled", params).toString()).send();
      assertThat(taken.status()).isEqualTo(202);
      intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
      assertThat(all(stream).getLast().toString()).contains("late");
      assertThat(intake.abandoned).isEmpty();
    }
  }

  @Test
  void m10_m11_aFinishedTaskShowsTheVeryResultOfThePlainCall() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    var plain = CompletableFuture.supplyAsync(() -> http.modernCall("slow", "{}").send());
    JobId same = intake.nextSubmitted();
    String failure = "{\"content\":[{\"type\":\"text\",\"text\":\"no\"}],\"isError\":true}";
    intake.finish(id, new Outcome.Answered(failure, true));
    intake.finish(same, new Outcome.Answered(failure, true));
    JsonNode task = http.modernTask("tasks/get", id.value()).send().result();
    assertThat(task.path("status").asString()).isEqualTo("completed");
    assertThat(task.path("result")).isEqualTo(last(plain.join()));
    assertThat(task.path("result").toString()).doesNotContain("related-task");
  }

  @Test
  void m9_m10_aJsonRpcErrorIsAFailedTask() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    intake.finish(id, new Outcome.Refused(-32603, "no", null));
    JsonNode task = http.modernTask("tasks/get", id.value()).send().result();
    assertThat(task.path("status").asString()).isEqualTo("failed");
    assertThat(task.path("error").path("code").asInt()).isEqualTo(-32603);
    assertThat(task.has("result")).isFalse();
  }

  @Test
  void j13_m15_m21_aTaskOfSomebodyElseIsUnknown() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    assertThat(id.value()).hasSizeGreaterThan(30);
    for (String method : List.of("tasks/get", "tasks/cancel", "tasks/update")) {
      ObjectNode params = McpHttp.declaringTasks(Replies.object().put("taskId", id.value()));
      params.putObject("inputResponses");
      Answer answer = http.modern(method, params).header("Test-Caller", "somebody else").send();
      assertThat(answer.code()).as(method).isEqualTo(-32602);
    }
    assertThat(intake.job(dev.longhaul.intake.Caller.LOCAL, id).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void m22_aClientThatLeavesAfterTheHandleCancelsNothing() {
    String id = http.modernTaskCall("slow").send().result().path("taskId").asString();
    assertThat(intake.job(dev.longhaul.intake.Caller.LOCAL, new JobId(id)).handedOut()).isTrue();
    assertThat(intake.abandoned).isEmpty();
  }

  @Test
  void m23_initializeSaysNothingOfTheExtension() {
    ObjectNode params = Replies.object().put("protocolVersion", "2025-11-25");
    params.putObject("capabilities").putObject("extensions").putObject(P + "tasks");
    JsonNode result = http.raw(McpHttp.request(0, "initialize", params).toString()).send().result();
    assertThat(result.path("capabilities").has("extensions")).isFalse();
  }

  private static ObjectNode held(String token) {
    ObjectNode params = McpHttp.callParams("slow", "{}");
    params.putObject("_meta").put("progressToken", token);
    return params;
  }

  private static List<JsonNode> all(McpHttp.Stream stream) {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode message = stream.next(); message != null; message = stream.next()) {
      all.add(message);
    }
    return all;
  }

  private static JsonNode last(Answer answer) {
    int data = answer.text.lastIndexOf("data: ");
    return Json.tree(data < 0 ? answer.text : answer.text.substring(data + 6)).path("result");
  }
}
