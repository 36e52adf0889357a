package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.delivery.OpenCalls;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DeliveryOverHttpTest extends McpTest {
  @Autowired private OpenCalls openCalls;

  @Test
  void c4_aQuickCallIsOnePlainDocumentOnEveryDelivery() {
    String session = http.initialize("2025-11-25", "test");
    for (McpHttp.Builder call :
        List.of(
            http.modernCall("quick", "{}"),
            http.modernTaskCall("quick"),
            http.legacy(session, "tools/call", McpHttp.callParams("quick", "{}")))) {
      Answer answer = call.send();
      assertThat(answer.type()).startsWith("application/json");
      assertThat(answer.result().path("content").get(0).path("text").asString()).isEqualTo("done");
    }
  }

  @Test
  void m5_m6_m7_m8_m9_aSlowCallOfATaskClientBecomesATask() {
    Answer created = http.modernTaskCall("slow").send();
    JsonNode task = created.result();
    JobId id = intake.nextSubmitted();
    assertThat(task.path("resultType").asString()).isEqualTo("task");
    assertThat(task.path("taskId").asString()).isEqualTo(id.value());
    assertThat(task.path("status").asString()).isEqualTo("working");
    assertThat(task.path("ttlMs").asLong()).isEqualTo(7_200_000);
    assertThat(task.path("pollIntervalMs").asLong()).isEqualTo(1000);
    assertThat(task.path("createdAt").asString()).isEqualTo("2026-11-21T08:00:00Z");

    JsonNode working = http.modernTask("tasks/get", id.value()).send().result();
    assertThat(working.path("resultType").asString()).isEqualTo("complete");
    assertThat(working.path("status").asString()).isEqualTo("working");

    intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
    JsonNode done = http.modernTask("tasks/get", id.value()).send().result();
    assertThat(done.path("status").asString()).isEqualTo("completed");
    assertThat(done.path("result").path("content").get(0).path("text").asString())
        .isEqualTo("late");
  }

  @Test
  void m4_taskMethodsNeedTheExtensionBeforeTheIdIsLookedAt() {
    for (String method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
      Answer answer = http.modern(method, Replies.object().put("taskId", "none")).send();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo(-32021);
      assertThat(answer.json().path("error").path("data").toString())
          .isEqualTo(
              "{\"requiredCapabilities\":{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}}");
    }
  }

  @Test
  void m15_unknownTasksAreInvalidParams() {
    for (String id : List.of("none", "0".repeat(38))) {
      assertThat(http.modernTask("tasks/get", id).send().code()).isEqualTo(-32602);
      assertThat(http.modernTask("tasks/cancel", id).send().code()).isEqualTo(-32602);
    }
  }

  @Test
  void m8_m14_cancellingATaskIsAcknowledgedAlsoWhenItIsTooLate() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    for (int i = 0; i < 2; i++) {
      JsonNode ack = http.modernTask("tasks/cancel", id.value()).send().result();
      assertThat(ack.path("resultType").asString()).isEqualTo("complete");
      assertThat(ack.has("taskId")).isFalse();
    }
    JsonNode task = http.modernTask("tasks/get", id.value()).send().result();
    assertThat(task.path("status").asString()).isEqualTo("cancelled");
  }

  @Test
  void m8_m13_anUpdateOfAKnownTaskIsAcknowledged() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    ObjectNode params = McpHttp.declaringTasks(Replies.object().put("taskId", id.value()));
    params.putObject("inputResponses").put("unknown", 5);
    JsonNode ack = http.modern("tasks/update", params).send().result();
    assertThat(ack.path("resultType").asString()).isEqualTo("complete");
  }

  @Test
  void theResultOfAHeldCallIsReadAgainWhereItCannotBeReadAtOnce() {
    String session = http.initialize("2025-11-25", "test");
    for (McpHttp.Builder call :
        List.of(
            http.modernCall("slow", "{}"),
            http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}")))) {
      intake.unreadable.set(3);
      CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(call::send);
      intake.finish(intake.nextSubmitted(), new Outcome.Answered(FakeIntake.text("late"), false));
      assertThat(answer.join().text).contains("late");
    }
  }

  @Test
  void c7_k5_aHeldCallShowsProgressThatOnlyGrowsAndThenTheResult() {
    ObjectNode params = McpHttp.callParams("slow", "{}");
    params.putObject("_meta").put("progressToken", 7);
    String session = http.initialize("2025-11-25", "test");
    try (var stream = http.legacy(session, "tools/call", params).open()) {
      assertThat(stream.response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(stream.response.headers().firstValue("X-Accel-Buffering")).contains("no");
      JobId id = intake.nextSubmitted();
      intake.progress(id, new Progress(0.25, "reading"));
      String first = String.valueOf(stream.next());
      assertThat(first)
          .isEqualTo(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                  + "{\"progressToken\":7,\"progress\":0.25,\"total\":1,\"message\":\"reading\"}}");
      intake.progress(id, new Progress(0.1, "reading"));
      intake.progress(id, new Progress(0.75, "reading"));
      assertThat(String.valueOf(stream.next())).contains("\"progress\":0.75");
      intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
      JsonNode result = stream.next();
      assertThat(String.valueOf(result)).contains("late").contains("\"id\":1");
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void c8_aQuietCallIsKeptAliveByComments() {
    try (var stream = http.modernCall("slow", "{}").open()) {
      JobId id = intake.nextSubmitted();
      assertThat(stream.line()).isEqualTo(":");
      assertThat(stream.line()).isEmpty();
      assertThat(stream.line()).isEqualTo(":");
      intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
      assertThat(String.valueOf(stream.next())).contains("late");
    }
  }

  @Test
  void c4_aClientWithoutEventStreamsIsHeldAsPlainJson() {
    var answer =
        CompletableFuture.supplyAsync(
            () -> http.modernCall("slow", "{}").header("Accept", "application/json").send());
    JobId id = intake.nextSubmitted();
    intake.progress(id, new Progress(0.5, "half"));
    intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
    assertThat(answer.join().type()).startsWith("application/json");
    assertThat(answer.join().result().path("content").get(0).path("text").asString())
        .isEqualTo("late");
  }

  @Test
  void anOperatorMayWordTheHandOverForClientsOfOneName() {
    String session = http.initialize("2025-11-25", "terse");
    JsonNode result = last(http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}")));
    String id = intake.nextSubmitted().value();
    assertThat(result.path("content").get(0).path("text").asString())
        .contains("operation_id: " + id)
        .endsWith("Ask for " + id + " later.")
        .doesNotContain("continue_operation");
    assertThat(result.path("structuredContent").path("operation_id").asString()).isEqualTo(id);
  }

  @Test
  void whenTheHoldRunsOutTheOperationIsHandedOver() {
    String session = http.initialize("2025-11-25", "impatient");
    var call = http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}"));
    JsonNode result = last(call);
    JobId id = intake.nextSubmitted();
    assertThat(intake.job(dev.longhaul.intake.Caller.LOCAL, id).handedOut()).isTrue();
    assertThat(result.path("isError").asBoolean()).isFalse();
    assertThat(result.path("content").get(0).path("text").asString())
        .contains(id.value())
        .contains("continue_operation");
    JsonNode operation = result.path("structuredContent");
    assertThat(operation.path("operation_id").asString()).isEqualTo(id.value());
    assertThat(operation.path("status_url").asString())
        .startsWith("http://127.0.0.1:")
        .endsWith("/api/v1/jobs/" + id);
    assertThat(operation.path("estimated_completion").asString()).isEqualTo("2026-11-21T08:01:30Z");
    assertThat(operation.path("next").toString())
        .isEqualTo(
            "{\"tool\":\"continue_operation\",\"arguments\":{\"operation_id\":\""
                + id
                + "\",\"wait_seconds\":1}}");
    assertThat(result.path("_meta").path("dev.longhaul/operation")).isEqualTo(operation);
    assertThat(operation.path("text"))
        .as("a client that shows the structured content alone shows the words")
        .isEqualTo(result.path("content").path(0).path("text"));
  }

  @Test
  void whoRepeatsACallThatWasHandedOverJoinsItUnlessHeWantsANewOne() {
    String session = http.initialize("2025-11-25", "impatient");
    last(http.legacy(session, "tools/call", McpHttp.callParams("slow", "{\"a\":1,\"b\":2}")));
    JobId id = intake.nextSubmitted();
    // Arguments in another order make the same call.
    JsonNode again =
        last(http.legacy(session, "tools/call", McpHttp.callParams("slow", "{\"b\":2,\"a\":1}")));
    assertThat(again.path("structuredContent").path("operation_id").asString())
        .isEqualTo(id.value());
    assertThat(intake.submitted).isEmpty();

    var params = McpHttp.callParams("slow", "{\"a\":1,\"b\":2}");
    params.putObject("_meta").put("dev.longhaul/repeat", "new");
    last(http.legacy(session, "tools/call", params));
    JobId other = intake.nextSubmitted();
    assertThat(other).isNotEqualTo(id);

    // An ended job is not joined: a new call runs again.
    intake.finish(other, new Outcome.Answered(FakeIntake.text("late"), false));
    last(http.legacy(session, "tools/call", McpHttp.callParams("slow", "{\"a\":1,\"b\":2}")));
    assertThat(intake.nextSubmitted()).isNotEqualTo(other);
  }

  @Test
  void severalClientsContinueOneOperationAndGetTheVeryResult() {
    String session = http.initialize("2025-11-25", "impatient");
    last(http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}")));
    JobId id = intake.nextSubmitted();
    String arguments = "{\"operation_id\":\"" + id + "\"}";
    List<CompletableFuture<JsonNode>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(
          CompletableFuture.supplyAsync(
              () -> last(http.modernCall("continue_operation", arguments))));
    }
    intake.finish(id, new Outcome.Answered(FakeIntake.text("late"), false));
    for (var one : waiting) {
      assertThat(one.join().path("content").toString())
          .isEqualTo("[{\"type\":\"text\",\"text\":\"late\"}]");
    }
    String zero = "{\"operation_id\":\"" + id + "\",\"wait_seconds\":0}";
    assertThat(last(http.modernCall("continue_operation", zero)).toString()).contains("late");
  }

  @Test
  void anOperationThatIsNotFinishedIsHandedOverAgain() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    String zero = "{\"operation_id\":\"" + id + "\",\"wait_seconds\":0}";
    JsonNode result = last(http.modernCall("continue_operation", zero));
    assertThat(result.path("structuredContent").path("operation_id").asString())
        .isEqualTo(id.value());
  }

  @Test
  void operationsAreLookedAtListedAndCancelled() {
    http.modernTaskCall("slow").send();
    JobId id = intake.nextSubmitted();
    String arguments = "{\"operation_id\":\"" + id + "\"}";
    assertThat(call("get_operation", arguments).path("structuredContent").path("status").asString())
        .isEqualTo("queued");
    assertThat(call("list_operations", "{\"state\":\"queued\"}").toString()).contains(id.value());
    assertThat(
            call("cancel_operation", arguments).path("structuredContent").path("status").asString())
        .isEqualTo("cancelled");
    JsonNode again = call("cancel_operation", arguments);
    assertThat(again.path("isError").asBoolean()).isTrue();
    assertThat(again.toString()).contains("already finished");
    JsonNode continued = call("continue_operation", arguments);
    assertThat(continued.path("isError").asBoolean()).isTrue();
    assertThat(continued.toString()).contains("CANCELLED");
  }

  @Test
  void badArgumentsOfOperationToolsAreAllNamed() {
    JsonNode result = call("continue_operation", "{\"wait_seconds\":301,\"x\":1}");
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.path("content").get(0).path("text").asString())
        .contains("/operation_id: is required")
        .contains("/wait_seconds: must be a whole number of 0 to 300")
        .contains("/x: unknown; known are");
    assertThat(call("get_operation", "{\"operation_id\":\"none\"}").path("isError").asBoolean())
        .isTrue();
  }

  @Test
  void k5_m17_inlineToolsNeverBecomeTasksAndReportInTheirOwnNumbers() {
    ObjectNode params = McpHttp.declaringTasks(McpHttp.callParams("inline_echo", "{}"));
    ((ObjectNode) params.path("_meta")).put("progressToken", "t");
    try (var stream = http.modern("tools/call", params).open()) {
      List<String> progress = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        progress.add(String.valueOf(stream.next()).replaceAll(".*\"progress\":(\\d+).*", "$1"));
      }
      assertThat(progress).containsExactly("0", "50", "100");
      assertThat(String.valueOf(stream.next())).contains("inline");
    }
  }

  @Test
  void e6_m17_whatBelongsToTheTransportIsNotPartOfTheJob() {
    ObjectNode params = McpHttp.callParams("inline_echo", "{}");
    params.putObject("task");
    params.putObject("_meta").put("progressToken", 1).put("example.com/key", "kept");
    http.modern("tools/call", params).send();
    assertThat(FakeIntake.take(intake.submissions).params().toString())
        .isEqualTo(
            "{\"name\":\"inline_echo\",\"arguments\":{},\"_meta\":{\"example.com/key\":\"kept\"}}");
  }

  @Test
  void k1_aModernClientThatLeavesHasCancelledItsCall() {
    JobId id;
    try (var stream = http.modernCall("slow", "{}").open()) {
      id = intake.nextSubmitted();
      assertThat(stream.line()).isEqualTo(":");
    }
    assertThat(FakeIntake.take(intake.abandoned)).isEqualTo(id);
  }

  @Test
  void p6_aLegacyCancelEndsTheCallWithoutAnAnswer() {
    String session = http.initialize("2025-11-25", "test");
    var call = http.legacy(session, "tools/call", McpHttp.callParams("slow", "{}"));
    try (var stream = call.open()) {
      JobId id = intake.nextSubmitted();
      ObjectNode other = Replies.object().put("requestId", "1");
      http.raw(Replies.notification("notifications/cancelled", other).toString())
          .header("Mcp-Session-Id", session)
          .send();
      ObjectNode ours = Replies.object().put("requestId", 1);
      Answer taken =
          http.raw(Replies.notification("notifications/cancelled", ours).toString())
              .header("Mcp-Session-Id", session)
              .send();
      assertThat(taken.status()).isEqualTo(202);
      assertThat(stream.next()).isNull();
      assertThat(FakeIntake.take(intake.abandoned)).isEqualTo(id);
    }
  }

  @Test
  void aTimeoutIsAnErrorResultWithWhatWasDone() {
    var answer = CompletableFuture.supplyAsync(() -> call("slow", "{}"));
    JobId id = intake.nextSubmitted();
    intake.finish(
        id, new Outcome.Failed(JobError.timeout(5000), new Partial("{\"rows\":3}", 3L, 10L)));
    JsonNode result = answer.join();
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.has("structuredContent")).isFalse();
    JsonNode error = result.path("_meta").path("dev.longhaul/error");
    assertThat(error.path("code").asString()).isEqualTo("TIMEOUT");
    assertThat(error.path("partial").path("rows").asInt()).isEqualTo(3);
    assertThat(error.path("remaining").asInt()).isEqualTo(7);
  }

  @Test
  void aShutdownHandsHeldCallsOver() {
    var answer = CompletableFuture.supplyAsync(() -> call("slow", "{}"));
    JobId id = intake.nextSubmitted();
    try {
      openCalls.stop();
      assertThat(answer.join().path("structuredContent").path("operation_id").asString())
          .isEqualTo(id.value());
      assertThat(intake.abandoned).isEmpty();
    } finally {
      openCalls.start();
    }
  }

  @Test
  void aRefusedCallIsAJsonRpcError() {
    var answer =
        CompletableFuture.supplyAsync(
            () -> http.modernCall("slow", "{}").header("Accept", "application/json").send());
    JobId id = intake.nextSubmitted();
    intake.finish(id, new Outcome.Refused(-32603, "no", "{\"a\":1}"));
    assertThat(answer.join().json().path("error").toString())
        .isEqualTo("{\"code\":-32603,\"message\":\"no\",\"data\":{\"a\":1}}");
  }

  private JsonNode call(String tool, String arguments) {
    return last(http.modernCall(tool, arguments));
  }

  /** The result of a response that is JSON or an event stream. */
  private static JsonNode last(McpHttp.Builder call) {
    String text = call.send().text;
    int data = text.lastIndexOf("data: ");
    return Json.tree(data < 0 ? text : text.substring(data + 6)).path("result");
  }
}
