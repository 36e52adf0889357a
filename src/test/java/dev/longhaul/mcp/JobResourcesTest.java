package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.intake.Caller;
import dev.longhaul.intake.CallerResolver;
import dev.longhaul.mcp.McpHttp.Answer;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A caller's jobs as resources, and results that are too large for a response. */
@SpringBootTest(
    classes = {LonghaulApplication.class, JobResourcesTest.Served.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"longhaul.mcp.hold=55s", "longhaul.mcp.max-result-size=20KB"})
class JobResourcesTest {
  /** 90 kB in UTF-8; every character is a surrogate pair in Java. */
  private static final String LARGE = "🚚".repeat(20_000) + "x".repeat(10_000);

  @TestConfiguration
  static class Served {
    @Bean
    CallerResolver callers() {
      return request -> {
        String name = request.getHeader("Test-Caller");
        return name == null ? Caller.LOCAL : new Caller(name);
      };
    }

    @Bean
    SmartInitializingSingleton served(RegisteredTools tools) {
      return () -> {
        Tool large =
            Tools.tool(
                "large",
                Execution.QUEUED,
                Duration.ofMinutes(1),
                "{\"type\":\"object\"}",
                _ -> {
                  ObjectNode result = Tools.text(LARGE);
                  result.putObject("structuredContent").put("text", LARGE);
                  return result;
                });
        large
            .description()
            .set("outputSchema", Tools.object("{\"type\":\"object\",\"required\":[\"text\"]}"));
        tools.register(large);
        Tool inline =
            Tools.tool(
                "large_inline",
                Execution.INLINE,
                Duration.ofMinutes(1),
                "{\"type\":\"object\"}",
                large.handler());
        inline.description().set("outputSchema", large.description().path("outputSchema"));
        tools.register(inline);
        tools.register(Tools.queued("small", _ -> Tools.text("small")));
      };
    }
  }

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  @LocalServerPort private int port;
  private McpHttp http;

  @BeforeEach
  void connect() {
    http = new McpHttp(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"large", "large_inline"})
  void ofALargeResultTheFirstPartTravelsAndAToolThatAnyModelCanCallReadsTheRest(String tool) {
    JsonNode result = http.modernCall(tool, "{}").send().result();
    String first = result.path("content").path(0).path("text").asString();
    assertThat(LARGE).startsWith(first);
    assertThat(first.length()).isBetween(1_000, 20_000);
    assertThat(first.length() % 2).as("no character falls apart").isZero();
    assertThat(result.toString()).doesNotContain("resource_link");
    JsonNode cut = result.path("_meta").path("dev.longhaul/result");
    JsonNode next = cut.path("next");
    assertThat(next.path("tool").asString()).isEqualTo("get_operation");
    assertThat(result.path("content").path(1).path("text").asString())
        .contains("get_operation", next.path("arguments").toString());
    // The output schema in tools/list: the tool's own, or an operation.
    JsonNode operation = result.path("structuredContent");
    assertThat(operation.path("result_uri")).isEqualTo(cut.path("result_uri"));
    assertThat(operation.path("status").asString()).isEqualTo("completed");
    assertThat(operation.path("next")).isEqualTo(next);

    StringBuilder rest = new StringBuilder(first);
    ObjectNode arguments = (ObjectNode) next.path("arguments").deepCopy();
    arguments.put("limit", 9_001);
    JsonNode page;
    do {
      JsonNode read = http.modernCall("get_operation", arguments.toString()).send().result();
      assertThat(read.path("structuredContent").path("tool").asString()).isEqualTo(tool);
      page = read.path("structuredContent").path("result");
      rest.append(page.path("data").asString());
      arguments.put("offset", page.path("next_offset").asInt());
    } while (page.path("has_more").asBoolean());
    assertThat(rest.toString()).isEqualTo(LARGE);

    String uri = cut.path("result_uri").asString();
    StringBuilder whole = new StringBuilder();
    String query = "?limit=30001";
    do {
      page = document(read(uri + query));
      whole.append(page.path("data").asString());
      query = "?limit=30001&offset=" + page.path("next_offset").asInt();
    } while (page.path("has_more").asBoolean());
    assertThat(page.path("total").asInt()).isEqualTo(whole.length());
    assertThat(Json.tree(whole.toString()).path("content").path(0).path("text").asString())
        .isEqualTo(LARGE);
    assertThat(cut.path("size").asLong())
        .isEqualTo(whole.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
  }

  @Test
  void theLargeResultOfAnInlineToolIsAnEndedOperationOfItsCallerAlone() {
    JsonNode result =
        http.modernCall("large_inline", "{}").header("Test-Caller", "somebody").send().result();
    String id = result.path("_meta").path("dev.longhaul/result").path("operation_id").asString();
    String look = "{\"operation_id\":\"" + id + "\",\"offset\":0}";
    JsonNode own =
        http.modernCall("get_operation", look).header("Test-Caller", "somebody").send().result();
    assertThat(own.path("structuredContent").path("status").asString()).isEqualTo("completed");
    assertThat(own.path("structuredContent").path("result").path("offset").asInt(-1)).isZero();
    JsonNode other = http.modernCall("get_operation", look).send().result();
    assertThat(other.path("isError").asBoolean()).isTrue();
    JsonNode refused =
        http.modernCall(
                "get_operation", "{\"operation_id\":\"" + id + "\",\"pointer\":\"/nobody\"}")
            .header("Test-Caller", "somebody")
            .send()
            .result();
    assertThat(refused.path("isError").asBoolean()).isTrue();
    assertThat(refused.toString()).contains("pointer names nothing");
  }

  @Test
  void aPointerNamesWhatIsPaged() {
    String uri =
        http.modernCall("large", "{}")
            .send()
            .result()
            .path("structuredContent")
            .path("result_uri")
            .asString();
    JsonNode text = document(read(uri + "?offset=2&limit=5&pointer=%2FstructuredContent%2Ftext"));
    assertThat(text.path("kind").asString()).isEqualTo("text");
    assertThat(text.path("data").asString()).isEqualTo("🚚🚚");
    assertThat(text.path("next_offset").asInt()).isEqualTo(6);
    assertThat(text.path("total").asInt()).isEqualTo(LARGE.length());
    JsonNode array = document(read(uri + "?pointer=/content&limit=1"));
    assertThat(array.path("kind").asString()).isEqualTo("array");
    assertThat(array.path("data").path(0).path("text").asString()).isEqualTo(LARGE);
    assertThat(array.path("has_more").asBoolean(true)).isFalse();
    Answer refused = read(uri + "?pointer=/nobody");
    assertThat(refused.code()).isEqualTo(-32602);
    assertThat(refused.json().path("error").path("message").asString())
        .startsWith("pointer names nothing");
    assertThat(read(uri + "?pointer=%zz").code()).isEqualTo(-32602);
  }

  @Test
  void everyDeliveryCutsALargeResultAlike() {
    ObjectNode params = McpHttp.declaringTasks(McpHttp.callParams("large", "{}"));
    JsonNode first = http.modern("tools/call", params).send().result();
    boolean asTask = first.path("resultType").asString().equals("task");
    String id =
        asTask
            ? first.path("taskId").asString()
            : first.path("structuredContent").path("operation_id").asString();
    JsonNode continued =
        http.modernCall("continue_operation", "{\"operation_id\":\"" + id + "\"}").send().result();
    assertThat(continued.path("content").size()).isEqualTo(2);
    if (!asTask) {
      assertThat(first.path("content")).isEqualTo(continued.path("content"));
    }
    JsonNode task = http.modernTask("tasks/get", id).send().result();
    assertThat(task.path("status").asString()).isEqualTo("completed");
    assertThat(task.path("result").path("content")).isEqualTo(continued.path("content"));
    assertThat(task.path("result").path("structuredContent"))
        .isEqualTo(continued.path("structuredContent"));
    String old = http.initialize("2025-03-26", "old");
    JsonNode legacy =
        http.legacy(
                old,
                "tools/call",
                McpHttp.callParams("continue_operation", "{\"operation_id\":\"" + id + "\"}"))
            .send()
            .result();
    assertThat(legacy.path("content")).isEqualTo(continued.path("content"));
  }

  @Test
  void aSmallResultIsLeftAlone() {
    assertThat(http.modernCall("small", "{}").send().result().path("content").size()).isEqualTo(1);
  }

  @Test
  void i1_aJobOfAnotherCallerIsAnUnknownResource() {
    String id = handedOver();
    for (String uri : new String[] {"longhaul://jobs/" + id, "longhaul://jobs/" + id + "/result"}) {
      JsonNode own = document(read(uri));
      assertThat(own.path("operation_id").asString()).isEqualTo(id);
      Answer others =
          http.modern("resources/read", Replies.object().put("uri", uri))
              .header("Test-Caller", "somebody")
              .send();
      assertThat(others.code()).isEqualTo(-32602);
      assertThat(others.json().path("error").path("data").path("uri").asString()).isEqualTo(uri);
    }
  }

  @Test
  void aJobIsAResourceWithItsStatusAndItsResultSaysThatThereIsNoneYet() {
    String id = handedOver();
    JsonNode job = document(read("longhaul://jobs/" + id));
    assertThat(job.path("status").asString()).isEqualTo("scheduled");
    assertThat(job.path("tool").asString()).isEqualTo("small");
    JsonNode result = document(read("longhaul://jobs/" + id + "/result"));
    assertThat(result.path("status").asString()).isEqualTo("scheduled");
    assertThat(result.has("data")).isFalse();
    assertThat(result.path("operation").path("operation_id").asString()).isEqualTo(id);
    http.modernCall("cancel_operation", "{\"operation_id\":\"" + id + "\"}").send();
    JsonNode cancelled = document(read("longhaul://jobs/" + id + "/result"));
    assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
    assertThat(Json.tree(cancelled.path("data").asString()).path("isError").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?offset=-1", "?limit=0", "?limit=x", "?limit=2000000", "?offset="})
  void aPageThatMakesNoSenseIsRefused(String query) {
    Answer answer = read("longhaul://jobs/" + handedOver() + "/result" + query);
    assertThat(answer.code()).isEqualTo(-32602);
    assertThat(answer.json().path("error").path("message").asString()).contains("whole number");
  }

  /** Submits a job with a delay, so that its id is handed out at once. */
  private String handedOver() {
    ObjectNode params = McpHttp.callParams("small", "{}");
    params.putObject("_meta").put("dev.longhaul/delay_seconds", 3600);
    return http.modern("tools/call", params)
        .send()
        .result()
        .path("structuredContent")
        .path("operation_id")
        .asString();
  }

  private Answer read(String uri) {
    return http.modern("resources/read", Replies.object().put("uri", uri)).send();
  }

  private static JsonNode document(Answer answer) {
    return Json.tree(answer.result().path("contents").path(0).path("text").asString());
  }
}
