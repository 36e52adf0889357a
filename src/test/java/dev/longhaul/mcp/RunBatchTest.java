package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.notify.JobNotification;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools run_batch and run_chain of the whole application. */
@SpringBootTest(
    classes = {LonghaulApplication.class, RunBatchTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.mcp.hold=60s",
      "longhaul.mcp.grace=0s",
      "longhaul.mcp.clients.impatient.hold=0s"
    })
@DirtiesContext
class RunBatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @LocalServerPort private int port;
  @Autowired private Toolbox toolbox;
  private McpHttp http;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  static final class Toolbox {
    private volatile CountDownLatch latch = new CountDownLatch(1);
    final Queue<String> told = new ConcurrentLinkedQueue<>();

    @EventListener
    void hear(JobNotification event) {
      told.add(event.notification().type() + " " + event.notification().subject());
    }

    @McpTool(name = "add", description = "Adds numbers.")
    int add(int a, int b) {
      return a + b;
    }

    @McpTool(name = "fail", description = "Fails.")
    String fail() {
      throw new IllegalStateException("it failed");
    }

    @McpTool(name = "slow", description = "Waits for the test.")
    String slow(int number) throws InterruptedException {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test forgot the tool");
      }
      return "done " + number;
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Toolbox toolbox() {
      return new Toolbox();
    }
  }

  @BeforeEach
  void connect() {
    http = new McpHttp(port);
    toolbox.latch = new CountDownLatch(1);
  }

  @AfterEach
  void letGo() {
    toolbox.latch.countDown();
  }

  @Test
  void theyAreListedWithTheirSchemas() {
    JsonNode tools = http.modern("tools/list", (ObjectNode) Json.tree("{}")).send().result();
    assertThat(tools.path("tools").valueStream().map(tool -> tool.path("name").asString()))
        .contains("run_batch", "run_chain");
  }

  @Test
  void aHeldCallOfABatchIsItsResults() {
    JsonNode result =
        http.modernCall(
                "run_batch",
                """
                {"jobs": [{"tool": "add", "arguments": {"a": 1, "b": 2}},
                          {"tool": "add", "arguments": {"a": 3, "b": 4}}]}
                """)
            .send()
            .result();
    JsonNode batch = result.path("structuredContent");
    assertThat(result.path("isError").asBoolean()).isFalse();
    assertThat(batch.path("state").asString()).isEqualTo("completed");
    assertThat(batch.path("completed").asInt()).isEqualTo(2);
    assertThat(batch.at("/results/1/result/content/0/text").asString()).isEqualTo("7");
    assertThat(result.at("/content/0/text").asString())
        .startsWith("{\"summary\":\"The batch has ended. 2 of 2");
  }

  @Test
  void aHeldCallOfAChainIsItsLastResult() {
    JsonNode result =
        http.modernCall(
                "run_chain",
                """
                {"steps": [{"tool": "add", "arguments": {"a": 1, "b": 2}},
                           {"tool": "add", "arguments": {"a": "{{RESULT_FROM_PREVIOUS}}", "b": 4}}]}
                """)
            .send()
            .result();
    assertThat(result.at("/structuredContent/result/content/0/text").asString()).isEqualTo("7");
    assertThat(result.at("/structuredContent/steps/1/state").asString()).isEqualTo("completed");
  }

  @Test
  void whoIsToldOfTheEndIsSaidInTheArgumentsOrInMeta() {
    String call =
        """
        {"name": "run_batch", "arguments": {"name": "told", "notify": ["event"],
            "jobs": [{"tool": "add", "arguments": {"a": 1, "b": 2}}]},
         "_meta": {%s}}
        """;
    JsonNode inArguments = result(call.formatted(""));
    assertThat(inArguments.at("/structuredContent/state").asString()).isEqualTo("completed");
    JsonNode inMeta =
        result(
            call.replace("\"notify\": [\"event\"],", "")
                .formatted("\"dev.longhaul/notify\": [\"event\"]"));
    for (JsonNode batch : List.of(inArguments, inMeta)) {
      String id = batch.at("/structuredContent/id").asString();
      assertThat(id).isNotEmpty();
      await().atMost(LIMIT).until(() -> toolbox.told.contains("batch.completed " + id));
    }

    JsonNode twice = error(call.formatted("\"dev.longhaul/notify\": [\"log\"]"));
    assertThat(twice.toString()).contains("notify is given twice");
    JsonNode off =
        error(call.formatted("\"dev.longhaul/callback_url\": \"https://a.example.com/\""));
    assertThat(off.toString()).contains("longhaul.notifications.webhook.secrets");
  }

  private JsonNode result(String params) {
    return http.modern("tools/call", (ObjectNode) Json.tree(params)).send().result();
  }

  private JsonNode error(String params) {
    return http.modern("tools/call", (ObjectNode) Json.tree(params)).send().json();
  }

  @Test
  void aFailedOneIsAnErrorThatNamesWhatFailed() {
    JsonNode result =
        http.modernCall("run_chain", "{\"steps\":[{\"tool\":\"fail\"},{\"tool\":\"fail\"}]}")
            .send()
            .result();
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.at("/content/0/text").asString())
        .contains("CHAIN_FAILED")
        .contains("it failed");
  }

  @Test
  void whatIsWrongIsAResultThatAModelCanMend() {
    JsonNode result =
        http.modernCall("run_batch", "{\"jobs\":[{\"tool\":\"add\",\"arguments\":{\"a\":1}}]}")
            .send()
            .result();
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.at("/content/0/text").asString()).contains("/jobs/0/arguments").contains("b");
  }

  @Test
  void aClientThatCannotWaitGetsAnOperationAndFollowsIt() {
    String session = http.initialize("2025-06-18", "impatient");
    JsonNode handedOver = legacy(session, "run_batch", slowJobs(1));
    String id = handedOver.at("/structuredContent/operation_id").asString();
    assertThat(id).hasSize(38);

    // The same call, repeated, joins the flow.
    assertThat(legacy(session, "run_batch", slowJobs(1)).at("/structuredContent/operation_id"))
        .isEqualTo(handedOver.at("/structuredContent/operation_id"));

    JsonNode operation = legacy(session, "get_operation", operation(id)).path("structuredContent");
    assertThat(operation.path("status").asString()).isEqualTo("running");
    toolbox.latch.countDown();
    // This client's calls are not held, so it polls until the result is there.
    JsonNode result =
        await()
            .atMost(LIMIT)
            .until(
                () -> legacy(session, "continue_operation", operation(id)),
                answer -> answer.at("/structuredContent").has("results"));
    assertThat(result.at("/structuredContent/results/0/result/content/0/text").asString())
        .isEqualTo("done 1");
  }

  @Test
  void anOperationThatIsABatchIsCancelledWithItsJobs() {
    String session = http.initialize("2025-06-18", "impatient");
    String id =
        legacy(session, "run_batch", slowJobs(2)).at("/structuredContent/operation_id").asString();
    JsonNode cancelled =
        legacy(session, "cancel_operation", operation(id)).path("structuredContent");
    assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
    JsonNode result = legacy(session, "continue_operation", operation(id));
    assertThat(result.path("isError").asBoolean()).isTrue();
    assertThat(result.at("/content/0/text").asString()).contains("CANCELLED");
  }

  @Test
  void aTaskClientGetsATask() {
    ObjectNode params = McpHttp.declaringTasks(McpHttp.callParams("run_batch", slowJobs(3)));
    JsonNode task = http.modern("tools/call", params).send().result();
    assertThat(task.path("resultType").asString()).isEqualTo("task");
    String id = task.path("taskId").asString();
    toolbox.latch.countDown();
    await()
        .atMost(LIMIT)
        .until(() ->
            http.modernTask("tasks/get", id)
                .send()
                .result()
                .path("status")
                .asString()
                .equals("completed"));
    assertThat(
            http.modernTask("tasks/get", id)
                .send()
                .result()
                .at("/result/structuredContent/completed")
                .asInt())
        .isEqualTo(1);
  }

  private static String slowJobs(int number) {
    return "{\"jobs\":[{\"tool\":\"slow\",\"arguments\":{\"number\":" + number + "}}]}";
  }

  private static String operation(String id) {
    return "{\"operation_id\":\"" + id + "\"}";
  }

  private JsonNode legacy(String session, String tool, String arguments) {
    return http.legacy(session, "tools/call", McpHttp.callParams(tool, arguments)).send().result();
  }
}
