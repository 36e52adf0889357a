package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.JobContext;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The last progress of a tool is sent before its result, even when they follow closely. */
class LastProgressTest {
  private static Replicas replicas;

  static class Steps {
    @McpTool(name = "steps", description = "Takes eight steps at once")
    String steps(String way) {
      for (int step = 1; step <= 8; step++) {
        JobContext.current().progress(step / 8.0, step + " of 8");
      }
      return "done";
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Steps steps() {
      return new Steps();
    }
  }

  @BeforeAll
  static void start() {
    replicas = new Replicas(1, Tools.class, "--longhaul.mcp.grace=0s");
  }

  @AfterAll
  static void stop() {
    replicas.close();
  }

  @Test
  void aHeldCallOfThePresentRevision() {
    String text = replicas.get(0).modern("tools/call", params("modern")).send().text;

    assertLastIsEightOfEight(text);
  }

  @Test
  void aHeldCallOfAnEarlierRevision() {
    for (String version : List.of("2025-03-26", "2025-06-18", "2025-11-25")) {
      String session = replicas.get(0).initialize(version, "test");
      String text = replicas.get(0).legacy(session, "tools/call", params(version)).send().text;

      assertLastIsEightOfEight(text);
    }
  }

  @Test
  void theResultOfATaskOfAnEarlierRevision() {
    String session = replicas.get(0).initialize("2025-11-25", "test");
    ObjectNode params = params("task");
    params.putObject("task");
    JsonNode created = replicas.get(0).legacy(session, "tools/call", params).send().json();
    String id = created.at("/result/task/taskId").asString();
    ObjectNode task = Replies.object().put("taskId", id);

    assertLastIsEightOfEight(replicas.get(0).legacy(session, "tasks/result", task).send().text);
  }

  private static ObjectNode params(String way) {
    ObjectNode params = McpHttp.callParams("steps", "{\"way\":\"" + way + "\"}");
    params.putObject("_meta").put("progressToken", "p");
    return params;
  }

  private static void assertLastIsEightOfEight(String stream) {
    List<JsonNode> messages =
        stream
            .lines()
            .filter(line -> line.startsWith("data: {"))
            .map(line -> Json.tree(line.substring("data: ".length())))
            .toList();
    assertThat(messages).as(stream).hasSizeGreaterThan(1);
    JsonNode progress = messages.get(messages.size() - 2).path("params");
    assertThat(progress.path("progress").asDouble()).as(stream).isEqualTo(1);
    assertThat(progress.path("message").asString()).as(stream).isEqualTo("8 of 8");
    assertThat(messages.getLast().at("/result/content/0/text").asString()).contains("done");
  }
}
