package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.JobContext;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole application with the official Java client. */
@SpringBootTest(
    classes = {LonghaulApplication.class, SdkClientJourneyTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.mcp.quiet=50ms",
      "longhaul.mcp.keep-alive=100ms",
      "longhaul.mcp.leave-grace=1s",
      "longhaul.mcp.grace=100ms",
      "longhaul.mcp.hold=30s",
      "longhaul.mcp.clients.impatient.hold=200ms",
      "longhaul.tools.count_alone.concurrency=1"
    })
class SdkClientJourneyTest {
  private static final Semaphore GO = new Semaphore(0);
  private static final BlockingQueue<String> RUNNING = new LinkedBlockingQueue<>();
  private static final BlockingQueue<String> STOPPED = new LinkedBlockingQueue<>();

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    // Computed once: a supplier is called at every read of the property.
    String namespace = TestRedis.namespace();
    registry.add("longhaul.namespace", () -> namespace);
  }

  @LocalServerPort private int port;
  private final BlockingQueue<McpSchema.ProgressNotification> progress =
      new LinkedBlockingQueue<>();

  /** The result of the counting tool. */
  record Count(int rows) {}

  static class CountingTools {
    @McpTool(
        name = "count_slowly",
        description = "Counts, and waits for the test half-way",
        generateOutputSchema = true,
        annotations = @McpTool.McpAnnotations(readOnlyHint = true))
    Count countSlowly(@McpToolParam(description = "how many rows", required = true) int rows)
        throws InterruptedException {
      JobContext job = JobContext.current();
      job.progress(0.5, "half-way");
      RUNNING.add(job.id());
      try {
        GO.acquire();
        return new Count(rows);
      } catch (InterruptedException e) {
        STOPPED.add(job.id());
        throw e;
      }
    }
  }

  static class AloneTools {
    @McpTool(name = "count_alone", description = "Runs once at a time, and waits for the test")
    String countAlone() throws InterruptedException {
      RUNNING.add(JobContext.current().id());
      GO.acquire();
      return "counted";
    }
  }

  @TestConfiguration
  static class Tools {
    @Bean
    AloneTools aloneTools() {
      return new AloneTools();
    }

    @Bean
    CountingTools countingTools() {
      return new CountingTools();
    }
  }

  @BeforeEach
  @AfterEach
  void reset() {
    GO.drainPermits();
    RUNNING.clear();
    STOPPED.clear();
  }

  @Test
  void aSlowCallShowsProgressAndReturnsItsResult() {
    try (McpSyncClient client = client("patient")) {
      assertThat(client.initialize().protocolVersion()).isEqualTo("2025-11-25");
      assertThat(client.listTools().tools())
          .extracting(McpSchema.Tool::name)
          .contains("count_slowly", "continue_operation", "list_operations");
      // Not in the common pool: on two processors it has one thread, which the SDK's client needs.
      var answer =
          CompletableFuture.supplyAsync(
              () -> client.callTool(call(7)), task -> Thread.ofVirtual().start(task));
      FakeIntake.take(RUNNING);
      var seen = FakeIntake.take(progress);
      assertThat(seen.progressToken()).isEqualTo("token-7");
      assertThat(seen.progress()).isEqualTo(0.5);
      GO.release();
      assertThat(answer.join().isError()).isNotEqualTo(true);
      assertThat(answer.join().structuredContent()).isEqualTo(Map.of("rows", 7));
    }
  }

  @Test
  void aHandedOverCallPassesTheClientsOutputCheckAndIsContinued() {
    try (McpSyncClient client = client("impatient")) {
      client.initialize();
      client.listTools();
      var handed = client.callTool(call(3));
      assertThat(handed.isError()).isNotEqualTo(true);
      Map<?, ?> operation = (Map<?, ?>) handed.structuredContent();
      String id = String.valueOf(operation.get("operation_id"));
      FakeIntake.take(RUNNING);

      var looked = client.callTool(operation("get_operation", Map.of("operation_id", id)));
      assertThat(looked.structuredContent().toString()).contains("status=running");
      var listed = client.callTool(operation("list_operations", Map.of("state", "running")));
      assertThat(listed.structuredContent().toString()).contains(id);

      GO.release();
      var arguments = Map.<String, Object>of("operation_id", id, "wait_seconds", 20);
      var result = client.callTool(operation("continue_operation", arguments));
      assertThat(result.structuredContent()).isEqualTo(Map.of("rows", 3));
    }
  }

  @Test
  void invalidArgumentsComeBackAsAResultAModelCanRead() {
    try (McpSyncClient client = client("patient")) {
      client.initialize();
      var request = operation("count_slowly", Map.of("rows", "many"));
      var result = client.callTool(request);
      assertThat(result.isError()).isTrue();
      assertThat(result.content().toString()).contains("/rows");
    }
  }

  @Test
  void aCallThatIsRepeatedUnderItsKeyComesBackToTheSameOperation() {
    try (McpSyncClient client = client("impatient")) {
      client.initialize();
      client.listTools();
      Map<?, ?> first = (Map<?, ?>) client.callTool(keyed(3)).structuredContent();
      Map<?, ?> again = (Map<?, ?>) client.callTool(keyed(3)).structuredContent();
      assertThat(again.get("operation_id")).isEqualTo(first.get("operation_id"));
      assertThat(FakeIntake.take(RUNNING)).isEqualTo(first.get("operation_id"));
      assertThatThrownBy(() -> client.callTool(keyed(4)))
          .isInstanceOfSatisfying(
              McpError.class,
              error -> {
                assertThat(error.getJsonRpcError().code()).isEqualTo(-31003);
                assertThat(error.getJsonRpcError().data().toString())
                    .contains(String.valueOf(first.get("operation_id")));
              });

      GO.release();
      var id =
          Map.<String, Object>of("operation_id", first.get("operation_id"), "wait_seconds", 20);
      client.callTool(operation("continue_operation", id));
      assertThat(client.callTool(keyed(3)).structuredContent()).isEqualTo(Map.of("rows", 3));
      assertThat(RUNNING).isEmpty();
    }
  }

  @Test
  void anOperationThatIsHeldBackTellsTheModelWhatItWaitsFor() {
    try (McpSyncClient client = client("impatient")) {
      client.initialize();
      client.callTool(operation("count_alone", Map.of()));
      FakeIntake.take(RUNNING);
      var another =
          McpSchema.CallToolRequest.builder("count_alone")
              .arguments(Map.of())
              .meta(Map.of("dev.longhaul/repeat", "new"))
              .build();
      Map<?, ?> second = (Map<?, ?>) client.callTool(another).structuredContent();
      var id = Map.<String, Object>of("operation_id", second.get("operation_id"));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(client.callTool(operation("get_operation", id)).content().toString())
                  .contains("waits for its turn: 1 of 1 calls of this tool are running"));
      var resumed =
          client.callTool(
              operation(
                  "continue_operation",
                  Map.of("operation_id", second.get("operation_id"), "wait_seconds", 0)));
      assertThat(resumed.content().toString())
          .contains("status: queued; it waits for its turn: 1 of 1 calls");
      GO.release(2);
      waitFor(new McpHttp(port), String.valueOf(second.get("operation_id")));
    }
  }

  @Test
  void aCancelledOperationSaysSoToWhoeverContinuesIt() {
    try (McpSyncClient client = client("impatient")) {
      client.initialize();
      Map<?, ?> operation = (Map<?, ?>) client.callTool(call(3)).structuredContent();
      var id = Map.<String, Object>of("operation_id", operation.get("operation_id"));
      client.callTool(operation("cancel_operation", id));
      var result = client.callTool(operation("continue_operation", id));
      assertThat(result.isError()).isTrue();
      assertThat(result.content().toString()).contains("CANCELLED");
    }
  }

  @Test
  void aModernTaskIsFollowedToItsResult() {
    McpHttp http = new McpHttp(port);
    var params = McpHttp.declaringTasks(McpHttp.callParams("count_slowly", "{\"rows\":5}"));
    JsonNode task = http.modern("tools/call", params).send().result();
    assertThat(task.path("resultType").asString()).isEqualTo("task");
    String id = task.path("taskId").asString();
    FakeIntake.take(RUNNING);
    GO.release();
    waitFor(http, id);
    JsonNode seen = http.modernTask("tasks/get", id).send().result();
    assertThat(seen.path("status").asString()).isEqualTo("completed");
    assertThat(seen.path("result").path("structuredContent").toString()).isEqualTo("{\"rows\":5}");
  }

  @Test
  void aModernClientThatLeavesStopsTheTool() {
    McpHttp http = new McpHttp(port);
    String id;
    try (var stream = http.modernCall("count_slowly", "{\"rows\":5}").open()) {
      id = FakeIntake.take(RUNNING);
      assertThat(stream.line()).isEqualTo(":");
    }
    assertThat(FakeIntake.take(STOPPED)).isEqualTo(id);
    assertThat(waitFor(http, id)).contains("CANCELLED");
  }

  private static String waitFor(McpHttp http, String id) {
    String arguments = "{\"operation_id\":\"" + id + "\",\"wait_seconds\":20}";
    return http.modernCall("continue_operation", arguments)
        .header("Accept", "application/json")
        .send()
        .text;
  }

  private McpSyncClient client(String name) {
    var transport =
        HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + port)
            .endpoint("/mcp")
            .build();
    return McpClient.sync(transport)
        .clientInfo(McpSchema.Implementation.builder(name, "1").build())
        .requestTimeout(Duration.ofSeconds(30))
        .enableCallToolSchemaCaching(true)
        .progressConsumer(progress::add)
        .build();
  }

  private static McpSchema.CallToolRequest call(int rows) {
    return McpSchema.CallToolRequest.builder("count_slowly")
        .arguments(Map.of("rows", rows))
        .progressToken("token-" + rows)
        .build();
  }

  private static McpSchema.CallToolRequest keyed(int rows) {
    return McpSchema.CallToolRequest.builder("count_slowly")
        .arguments(Map.of("rows", rows))
        .meta(Map.of("dev.longhaul/idempotency_key", "the key"))
        .build();
  }

  private static McpSchema.CallToolRequest operation(String tool, Map<String, Object> arguments) {
    return McpSchema.CallToolRequest.builder(tool).arguments(arguments).build();
  }
}
