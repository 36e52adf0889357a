package dev.longhaul.mcp;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.Question;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tools for tests with clients of earlier revisions. */
@Configuration(proxyBeanMethods = false)
class LegacyToolbox {
  /** A new one for each test, so that a tool left over from an earlier test takes no permit. */
  static volatile Semaphore go = new Semaphore(0);

  static final BlockingQueue<String> RUNNING = new LinkedBlockingQueue<>();
  static final BlockingQueue<String> STOPPED = new LinkedBlockingQueue<>();

  static void reset() {
    Semaphore before = go;
    go = new Semaphore(0);
    before.release(100);
    RUNNING.clear();
    STOPPED.clear();
  }

  static JobId running() {
    return new JobId(FakeIntake.take(RUNNING));
  }

  static class Toolset {
    @McpTool(name = "wait_for_test", description = "Says half-way, and waits for the test")
    String waitForTest() throws InterruptedException {
      JobContext job = JobContext.current();
      job.progress(0.5, "half-way");
      RUNNING.add(job.id());
      try {
        go.acquire();
        return "waited";
      } catch (InterruptedException e) {
        STOPPED.add(job.id());
        throw e;
      }
    }

    @McpTool(name = "ask_name", description = "Asks for a name, on a worker")
    String askName() {
      return greeting(ask());
    }

    @McpTool(name = "ask_inline", description = "Asks for a name, where it was called")
    String askInline() {
      return greeting(ask());
    }

    @McpTool(name = "sample_word", description = "Asks the client's model")
    String sampleWord() {
      var params =
          Json.object(
              "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"a"
                  + " word\"}}],\"maxTokens\":10}");
      JsonNode answer = ask(Question.SAMPLING, params);
      return "sampled " + answer.path("content").path("text").asString("") + answer.path("_meta");
    }

    @McpTool(name = "ask_roots", description = "Asks for the client's roots")
    String askRoots() {
      return "roots " + ask(Question.ROOTS, Json.object("{}")).path("roots");
    }

    @McpTool(name = "fails", description = "Fails in words")
    CallToolResult fails() {
      return CallToolResult.builder().addTextContent("it broke").isError(true).build();
    }

    @McpTool(name = "speak", description = "Logs, where it was called")
    String speak(McpSyncRequestContext context) {
      context.debug("a detail");
      context.info("a fact");
      context.error("a problem");
      return "spoken";
    }

    @McpTool(name = "let_go", description = "Lets its client go, and waits for the test")
    String letGo() throws InterruptedException {
      JobContext.current().closeStream();
      RUNNING.add("let go");
      go.acquire();
      return "came back";
    }

    private static JsonNode ask() {
      return ask(
          Question.ELICITATION,
          Json.object(
              "{\"message\":\"Who?\",\"requestedSchema\":{\"type\":\"object\","
                  + "\"properties\":{\"name\":{\"type\":\"string\"}},\"required\":[\"name\"]}}"));
    }

    private static JsonNode ask(String method, ObjectNode params) {
      return JobContext.current().ask(List.of(new Question(null, method, params))).getFirst();
    }

    private static String greeting(JsonNode answer) {
      return answer.path("action").asString("")
          + " "
          + answer.path("content").path("name").asString("nobody");
    }
  }

  @Bean
  Toolset legacyTools() {
    return new Toolset();
  }
}
