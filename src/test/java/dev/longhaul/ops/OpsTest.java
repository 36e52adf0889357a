package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.Intake;
import dev.longhaul.intake.Submission;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.JobContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Metrics and health of the whole application. */
@SpringBootTest(
    classes = {LonghaulApplication.class, OpsTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "longhaul.worker.pools.io.concurrency=1",
      "management.endpoints.web.exposure.include=health,prometheus,statistics",
      "longhaul.worker.drain=1s",
      "longhaul.worker.stuck-after=100ms"
    })
class OpsTest {
  private static final Semaphore GO = new Semaphore(0);
  private static final Semaphore HEAR = new Semaphore(0);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @LocalServerPort private int port;
  @Autowired private Intake intake;

  static class GatedTools {
    @McpTool(name = "gated", description = "Waits for the test")
    String gated() throws InterruptedException {
      JobContext.current().progress(0.1, "waiting");
      GO.acquire();
      return "through";
    }

    @McpTool(name = "deaf", description = "Ignores its interrupt until the test ends it")
    String deaf() {
      HEAR.acquireUninterruptibly();
      return "heard";
    }

    @McpTool(name = "broken", description = "Always fails")
    String broken() {
      throw new IllegalStateException("out of order");
    }
  }

  @TestConfiguration
  static class Tools {
    @Bean
    GatedTools gatedTools() {
      return new GatedTools();
    }
  }

  @Test
  void metricsAndHealthFollowJobsFromTheLineToTheirEnd() throws Exception {
    JobId running = submit("gated");
    awaitState(running, JobState.RUNNING);
    JobId waiting = submit("gated");
    JobId broken = submit("broken");

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(get("/actuator/prometheus"))
                .contains("longhaul_queue_depth{priority=\"default\",queue=\"default\"} 2.0")
                .contains("longhaul_queue_running 1.0")
                .contains("longhaul_jobs_submitted_total{tool=\"gated\"} 2.0"));
    assertThat(get("/actuator/health"))
        .contains("\"queue\":{")
        .contains("\"waiting\":2")
        .contains("\"metrics\":{\"queue_size\":2,")
        .contains("\"runningHere\":1");

    GO.release(2);
    awaitState(waiting, JobState.COMPLETED);
    awaitState(broken, JobState.DEAD);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(get("/actuator/prometheus"))
                .contains("longhaul_jobs_finished_total{outcome=\"completed\",tool=\"gated\"} 2.0")
                .contains("longhaul_jobs_finished_total{outcome=\"dead\",tool=\"broken\"} 1.0")
                .contains("longhaul_jobs_waiting_seconds_count{tool=\"gated\"} 2")
                .contains("longhaul_jobs_running_seconds_bucket{tool=\"gated\"")
                .contains(
                    "longhaul_execution_seconds_count{error=\"none\",execution=\"job\",kind=\"tool\",name=\"gated\"} 2")
                .contains(
                    "longhaul_execution_seconds_count{error=\"IllegalStateException\",execution=\"job\",kind=\"tool\",name=\"broken\"} 1")
                .contains(
                    "longhaul_execution_allocated_bytes_count{execution=\"job\",kind=\"tool\",name=\"gated\"} 2")
                .contains("longhaul_queue_oldest_waiting_seconds 0.0"));
  }

  @Test
  void aToolThatIgnoresItsInterruptIsNamedInHealthAndMetricUntilItReturns() throws Exception {
    JobId deaf = submit("deaf");
    awaitState(deaf, JobState.RUNNING);
    intake.cancel(Caller.LOCAL, deaf);

    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(get("/actuator/prometheus"))
                  .contains("longhaul_tools_stuck{tool=\"deaf\"} 1.0"));
      assertThat(get("/actuator/health")).contains("\"stuckTools\":[\"deaf\"]");
    } finally {
      HEAR.release();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(get("/actuator/prometheus"))
                .contains("longhaul_tools_stuck{tool=\"deaf\"} 0.0"));
    assertThat(get("/actuator/health")).doesNotContain("stuckTools");
  }

  @Test
  void actuatorShowsTheStatisticsOfInlineCallsAndOfOtherMethods() throws Exception {
    ObjectNode params = JSON.createObjectNode().put("name", "compute_hash");
    params.putObject("arguments").put("data", "a");
    callOverMcp("tools/call", params);
    callOverMcp("tools/list", JSON.createObjectNode());

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          JsonNode all = JSON.readTree(get("/actuator/statistics?hours=2")).path("operations");
          assertThat(all)
              .anySatisfy(its -> {
                assertThat(its.path("operation").asString()).isEqualTo("tools/call compute_hash");
                assertThat(its.path("kind").asString()).isEqualTo("inline");
                assertThat(its.path("total").path("count").asInt()).isEqualTo(1);
              })
              .anySatisfy(
                  its -> assertThat(its.path("operation").asString()).isEqualTo("tools/list"));
        });
    assertThat(get("/actuator/statistics?hours=25")).contains("hours must be 1 to 24");
  }

  private void callOverMcp(String method, ObjectNode params) throws Exception {
    ObjectNode meta = params.putObject("_meta");
    meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
    meta.putObject("io.modelcontextprotocol/clientCapabilities");
    meta.putObject("io.modelcontextprotocol/clientInfo").put("name", "test").put("version", "1");
    ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1);
    message.put("method", method).set("params", params);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", method)
            .POST(HttpRequest.BodyPublishers.ofString(message.toString()));
    if (params.has("name")) {
      request.header("Mcp-Name", params.path("name").asString());
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  @Test
  void whatIsLearntOfClientsIsCounted() throws Exception {
    assertThat(get("/actuator/prometheus"))
        .contains("longhaul_clients_leaves_total 0.0")
        .contains("longhaul_clients_limits_learnt_total 0.0")
        .contains("longhaul_clients_handed_over_early_total 0.0");
  }

  @Test
  void refusedRequestsAreCountedByReasonAndNeverByTheNameTheySent() throws Exception {
    try {
      submit("no-such-tool-" + System.nanoTime());
    } catch (RuntimeException expected) {
      assertThat(expected).hasMessageContaining("Unknown tool");
    }
    assertThat(get("/actuator/prometheus"))
        .contains("longhaul_jobs_refused_total{reason=\"unknown_tool\"} 1.0")
        .doesNotContain("no-such-tool");
  }

  private JobId submit(String tool) {
    ObjectNode params = JSON.createObjectNode().put("name", tool);
    return intake.submit(Submission.toolCall(Caller.LOCAL, params)).id();
  }

  private void awaitState(JobId id, JobState state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          Job job = intake.job(Caller.LOCAL, id);
          return job.state() == state;
        });
  }

  private String get(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
