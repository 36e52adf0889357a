package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.node.ObjectNode;

/** What a tool logs reaches its client before the answer, where one process does everything. */
@SpringBootTest(
    classes = {LonghaulApplication.class, LogsOverHttpTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"longhaul.worker.pools.io.concurrency=2", "longhaul.mcp.hold=60s"})
@DirtiesContext
@Timeout(120)
class LogsOverHttpTest {
  private static final int LINES = 20;

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  static final class Talking {
    @McpTool(name = "talk", description = "Logs many lines and returns at once.")
    String talk(McpSyncRequestContext context, int number) {
      for (int line = 0; line < LINES; line++) {
        context.info("line " + line + " of " + number + ";");
      }
      return "said " + number;
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    Talking talking() {
      return new Talking();
    }
  }

  private static String call(McpHttp http, int number) {
    ObjectNode params = McpHttp.callParams("talk", "{\"number\":%d}".formatted(number));
    params.putObject("_meta").put(McpHttp.P + "logLevel", "debug");
    return http.modern("tools/call", params).send().text;
  }

  private static void assertAllArrived(String answer, int number) {
    List<String> expected = new ArrayList<>();
    IntStream.range(0, LINES).forEach(line -> expected.add("line " + line + " of " + number + ";"));
    expected.add("said " + number);
    assertThat(answer).containsSubsequence(expected);
  }

  @Test
  void allOfAJobThatIsHandedOffComesBeforeTheAnswer() {
    var http = new McpHttp(port);
    for (int number = 0; number < 50; number++) {
      assertAllArrived(call(http, number), number);
    }
  }

  @Test
  void allOfAJobThatIsClaimedComesBeforeTheAnswer() throws Exception {
    // More at once than there are slots: the others wait in the queue.
    List<CompletableFuture<String>> answers =
        IntStream.range(100, 130)
            .mapToObj(number ->
                CompletableFuture.supplyAsync(
                    () -> call(new McpHttp(port), number), task -> Thread.ofVirtual().start(task)))
            .toList();
    for (int i = 0; i < answers.size(); i++) {
      assertAllArrived(answers.get(i).get(60, TimeUnit.SECONDS), 100 + i);
    }
  }
}
