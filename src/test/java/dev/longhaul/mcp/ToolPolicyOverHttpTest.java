package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.JobId;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Annotations and settings of tools, as seen by clients of the whole application. */
@SpringBootTest(
    classes = {LonghaulApplication.class, ToolPolicyOverHttpTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.mcp.hold=55s",
      "longhaul.tools.configured.execution=auto",
      "longhaul.tools.configured.timeout=1500ms"
    })
@DirtiesContext
class ToolPolicyOverHttpTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Semaphore GO = new Semaphore(0);

  @LocalServerPort private int port;
  @Autowired private JobQueue jobs;
  @Autowired private WorkQueue work;
  @Autowired private Intake intake;
  private McpHttp http;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
  }

  record Seats(int seats) {}

  static final class SomeTools {
    @McpTool(name = "sized", description = "Says its id.")
    @LonghaulTool(execution = Execution.AUTO)
    String sized(String text) {
      return JobContext.current().id();
    }

    @McpTool(name = "at_once", description = "Says its id.")
    @LonghaulTool(execution = Execution.INLINE)
    String atOnce() {
      return JobContext.current().id();
    }

    @McpTool(name = "configured", description = "Says its id.")
    @LonghaulTool(execution = Execution.INLINE)
    String configured() {
      return JobContext.current().id();
    }

    @McpTool(name = "waits", description = "Waits for the test.")
    @LonghaulTool(hold = "0s")
    String waits() throws InterruptedException {
      if (!GO.tryAcquire(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test forgot the tool");
      }
      return "done";
    }

    @McpTool(name = "asks", description = "Books seats.")
    @LonghaulTool(execution = Execution.AUTO, estimate = "1s", repeatable = true)
    String asks(McpSyncRequestContext context) {
      StructuredElicitResult<Seats> result =
          context.elicit(spec -> spec.message("How many seats?"), Seats.class);
      return "booked " + result.structuredContent().seats();
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    SomeTools policySomeTools() {
      return new SomeTools();
    }
  }

  @BeforeEach
  void connect() {
    http = new McpHttp(port);
  }

  @Test
  void aSmallCallOfAQuickToolIsNoJobAndALargeOneIs() {
    assertThat(stored(sized("small"))).isFalse();
    assertThat(stored(sized("x".repeat(10_241)))).isTrue();
  }

  @Test
  void aClientThatTakesTasksGetsTheResultOfAnInlineCallItself() {
    ObjectNode params = McpHttp.declaringTasks(McpHttp.callParams("sized", "{\"text\":\"small\"}"));
    JsonNode result = http.modern("tools/call", params).send().result();
    assertThat(result.path("resultType").asString()).isEqualTo("complete");
    assertThat(stored(text(result))).isFalse();
  }

  @Test
  void aLegacyClientCanHaveACallThatMayRunInlineAsATask() {
    String session = http.initialize("2025-11-25", "tester");
    ObjectNode params = McpHttp.callParams("sized", "{\"text\":\"small\"}");
    params.putObject("task");
    JsonNode task = http.legacy(session, "tools/call", params).send().result().path("task");
    assertThat(jobs.find(new JobId(task.path("taskId").asString()))).isPresent();
  }

  @Test
  void aToolsOwnHoldCountsInBothEras() {
    JsonNode modern = http.modernCall("waits", "{}").send().result();
    assertThat(modern.path("structuredContent").path("operation_id").asString()).isNotEmpty();
    String session = http.initialize("2025-06-18", "tester");
    ObjectNode params = McpHttp.callParams("waits", "{}");
    params.putObject("_meta").put("dev.longhaul/repeat", "new");
    JsonNode legacy = http.legacy(session, "tools/call", params).send().result();
    assertThat(legacy.path("structuredContent").path("operation_id").asString()).isNotEmpty();
    GO.release(2);
  }

  @Test
  void theListSaysHowEachToolRuns() {
    String rest =
        " as a job: if the answer has an operation_id, continue_operation gets the result.";
    String session = http.initialize("2025-06-18", "tester");
    for (boolean modern : new boolean[] {true, false}) {
      JsonNode tools =
          (modern
                  ? http.modern("tools/list", Replies.object())
                  : http.legacy(session, "tools/list", Replies.object()))
              .send()
              .result()
              .path("tools");
      described(tools, "at_once", "Says its id.", "inline", "300");
      described(tools, "sized", "Says its id.\nMay run" + rest, "auto", "300");
      described(tools, "configured", "Says its id.\nMay run" + rest, "auto", "1.5");
      described(tools, "waits", "Waits for the test.\nRuns" + rest, "queued", "300");
    }
  }

  private static void described(
      JsonNode tools, String name, String description, String execution, String timeout) {
    JsonNode tool =
        tools
            .valueStream()
            .filter(each -> each.path("name").asString().equals(name))
            .findFirst()
            .orElseThrow();
    assertThat(tool.path("description").asString()).isEqualTo(description);
    assertThat(tool.path("_meta"))
        .isEqualTo(
            Json.tree(
                "{\"dev.longhaul/execution\":\"%s\",\"dev.longhaul/timeout_seconds\":%s}"
                    .formatted(execution, timeout)));
  }

  @Test
  void whatWasAskedInlineIsAnsweredThereAlsoIfTheToolHasBecomeSlow() {
    ObjectNode first = McpHttp.callParams("asks", "{}");
    JsonNode asked = asks(first);
    assertThat(asked.path("resultType").asString()).isEqualTo("input_required");

    work.recordTimes("asks", 100, 100 * 60_000).join();
    var submission = Submission.toolCall(Caller.LOCAL, McpHttp.callParams("asks", "{}"));
    await().atMost(LIMIT).until(() -> intake.execution(submission) == Execution.QUEUED);

    ObjectNode second = McpHttp.callParams("asks", "{}");
    String key = asked.path("inputRequests").propertyNames().iterator().next();
    second
        .putObject("inputResponses")
        .set(key, Json.tree("{\"action\":\"accept\",\"content\":{\"seats\":2}}"));
    second.set("requestState", asked.path("requestState"));
    assertThat(text(asks(second))).isEqualTo("booked 2");
    assertThat(intake.list(Caller.LOCAL, null, "asks", null, 10).jobs()).isEmpty();
  }

  private JsonNode asks(ObjectNode params) {
    params
        .putObject("_meta")
        .set(McpHttp.P + "clientCapabilities", Json.object("{\"elicitation\":{}}"));
    return http.modern("tools/call", params).send().result();
  }

  private String sized(String text) {
    Answer answer = http.modernCall("sized", "{\"text\":\"" + text + "\"}").send();
    return text(answer.result());
  }

  private static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asString();
  }

  private boolean stored(String id) {
    return jobs.find(new JobId(id)).isPresent();
  }
}
