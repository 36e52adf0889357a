package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.observation.McpOperation;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.LonghaulTool;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The metrics of MCP methods, tools, resources, prompts and HTTP requests, as they are scraped. */
@Timeout(300)
class McpMetricsTest {
  private static Replicas server;

  @BeforeAll
  static void start() {
    server = new Replicas(1, Tools.class, "--management.endpoints.web.exposure.include=prometheus");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Configuration(proxyBeanMethods = false)
  static class Tools {
    static class Toolset {
      @LonghaulTool(execution = Execution.INLINE)
      @McpTool(name = "greet", description = "Greets, where it was called")
      String greet() {
        return "hello";
      }

      @LonghaulTool(execution = Execution.INLINE)
      @McpTool(name = "fails", description = "Fails in words")
      CallToolResult fails() {
        return CallToolResult.builder().addTextContent("it broke").isError(true).build();
      }

      @McpResource(uri = "note://{id}", name = "note", description = "A note")
      String note(String id) {
        return "note " + id;
      }

      @McpPrompt(name = "ask", description = "Asks")
      String ask() {
        return "Why?";
      }
    }

    @Bean
    Toolset metricTools() {
      return new Toolset();
    }

    /** A host's own handler with a fault, for one method. */
    @Bean
    ObservationHandler<McpOperation> faultyHandler() {
      return new ObservationHandler<>() {
        @Override
        public boolean supportsContext(Observation.Context context) {
          return context instanceof McpOperation operation
              && operation.method().equals("resources/templates/list");
        }

        @Override
        public void onStart(McpOperation operation) {
          throw new IllegalStateException("a fault at the start");
        }
      };
    }
  }

  @Test
  void aMethodIsAnsweredThoughAnObservationHandlerFails() {
    var response = http().modern("resources/templates/list", Replies.object()).send();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.result().toString()).contains("note://{id}");
  }

  @Test
  void anInlineCallIsCountedTimedAndWeighedOnAllRevisions() {
    assertThat(http().modernCall("greet", "{}").send().status()).isEqualTo(200);
    String session = http().initialize("2025-06-18", "tester");
    assertThat(
            http().legacy(session, "tools/call", McpHttp.callParams("greet", "{}")).send().status())
        .isEqualTo(200);

    awaitMetric(method("tools/call", "2026-07-28", "greet", "none"));
    awaitMetric(method("tools/call", "2025-06-18", "greet", "none"));
    awaitMetric(method("initialize", "2025-06-18", "none", "none"));
    awaitMetric(
        "longhaul_execution_seconds_count{error=\"none\",execution=\"inline\",kind=\"tool\",name=\"greet\"} 2");
    awaitMetric(
        "longhaul_execution_allocated_bytes_count{execution=\"inline\",kind=\"tool\",name=\"greet\"} 2");
  }

  @Test
  void aResultThatSaysErrorIsAFailure() {
    assertThat(http().modernCall("fails", "{}").send().result().path("isError").asBoolean())
        .isTrue();
    awaitMetric(method("tools/call", "2026-07-28", "fails", "tool_error"));
    awaitMetric(
        "longhaul_execution_seconds_count{error=\"tool_error\",execution=\"inline\",kind=\"tool\",name=\"fails\"} 1");
  }

  @Test
  void resourcesAndPromptsAreCountedByTheirNamesInTheCatalogue() {
    var read = http().modern("resources/read", Replies.object().put("uri", "note://secret-17"));
    assertThat(read.send().result().path("contents").path(0).path("text").asString())
        .isEqualTo("note secret-17");
    assertThat(http().modern("prompts/get", Replies.object().put("name", "ask")).send().status())
        .isEqualTo(200);

    awaitMetric(method("resources/read", "2026-07-28", "none", "none"));
    awaitMetric(
        "longhaul_execution_seconds_count{error=\"none\",execution=\"inline\",kind=\"resource\",name=\"note://{id}\"} 1");
    awaitMetric(
        "longhaul_execution_seconds_count{error=\"none\",execution=\"inline\",kind=\"prompt\",name=\"ask\"} 1");
    awaitMetric("gen_ai_prompt_name=\"ask\"");
    assertThat(metrics()).doesNotContain("secret-17");
  }

  @Test
  void namesThatTheServerDoesNotKnowBecomeNoTag() {
    assertThat(http().modernCall("no-such-tool", "{}").send().code()).isEqualTo(-32602);
    assertThat(http().modern("no/such/method", Replies.object()).send().code()).isEqualTo(-32601);

    awaitMetric(method("tools/call", "2026-07-28", "none", "-32602"));
    awaitMetric(method("_OTHER", "2026-07-28", "none", "-32601"));
    assertThat(metrics()).doesNotContain("no-such-tool").doesNotContain("no/such/method");
  }

  @Test
  void requestsHaveThePathOfTheirEndpointAlsoIfTheyAreRefused() {
    assertThat(http().modernCall("greet", "{}").send().status()).isEqualTo(200);
    assertThat(http().at("/messages?sessionId=none").raw("{}").send().status()).isEqualTo(400);
    assertThat(
            http()
                .at("/mcp")
                .raw("{}")
                .header("Origin", "https://other.example.com")
                .send()
                .status())
        .isEqualTo(403);
    assertThat(http().at("/api/v1/jobs").raw("").method("GET").send().status()).isEqualTo(200);
    assertThat(
            http()
                .at("/api/v1/jobs")
                .raw("")
                .method("GET")
                .header("Origin", "https://other.example.com")
                .send()
                .status())
        .isEqualTo(403);

    awaitMetric("status=\"200\",uri=\"/mcp\"}");
    awaitMetric("status=\"403\",uri=\"/mcp\"}");
    awaitMetric("uri=\"/messages\"}");
    awaitMetric("status=\"200\",uri=\"/api/v1/jobs\"}");
    awaitMetric("status=\"403\",uri=\"/api/v1/**\"}");
    // What is in progress is counted from its beginning, when no path is known yet.
    assertThat(metrics().lines())
        .filteredOn(line -> line.startsWith("http_server_requests_seconds"))
        .noneMatch(line -> line.contains("uri=\"UNKNOWN\""));
  }

  private static String method(String method, String version, String tool, String error) {
    return "mcp_server_operation_duration_seconds_count{error_type=\""
        + error
        + "\",gen_ai_operation_name=\""
        + (tool.equals("none") ? "none" : "execute_tool")
        + "\",gen_ai_prompt_name=\"none\",gen_ai_tool_name=\""
        + tool
        + "\",mcp_method_name=\""
        + method
        + "\",mcp_protocol_version=\""
        + version
        + "\",network_transport=\"tcp\",rpc_response_status_code=\""
        + (error.startsWith("-") ? error : "none")
        + "\"}";
  }

  // A request is counted when it has ended, which is after its client has the answer.
  private static void awaitMetric(String line) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(metrics()).contains(line));
  }

  private static McpHttp http() {
    return server.get(0);
  }

  private static String metrics() {
    return http()
        .at("/actuator/prometheus")
        .raw("")
        .method("GET")
        .header("Accept", "text/plain")
        .send()
        .text;
  }
}
