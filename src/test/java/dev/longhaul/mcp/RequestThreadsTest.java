package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulApplication;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.LonghaulTool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** An application with platform threads serves more requests at once than it has threads. */
@Timeout(120)
@SpringBootTest(
    classes = {LonghaulApplication.class, RequestThreadsTest.Tools.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "longhaul.standalone=true")
@DirtiesContext
class RequestThreadsTest {
  private static final int MANY = 230;

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry registry) {
    registry.add("spring.data.redis.url", TestRedis::url);
    registry.add("longhaul.namespace", TestRedis::namespace);
  }

  static final class ThreadTools {
    private static final CountDownLatch ALL_HERE = new CountDownLatch(MANY);

    @McpTool(name = "meet", description = "Waits until all calls are here.")
    @LonghaulTool(execution = Execution.INLINE)
    String meet() throws InterruptedException {
      ALL_HERE.countDown();
      return ALL_HERE.await(60, TimeUnit.SECONDS) ? thread() : "alone";
    }

    @McpTool(name = "where", description = "Names its thread.")
    @LonghaulTool(execution = Execution.INLINE)
    String where() {
      return thread();
    }

    private static String thread() {
      Thread thread = Thread.currentThread();
      return (thread.isVirtual() ? "virtual " : "platform ") + thread.getName();
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Tools {
    @Bean
    ThreadTools threadTools() {
      return new ThreadTools();
    }
  }

  @Test
  void aQuickCallIsAnsweredByTheThreadThatTookIt() {
    assertThat(call("where")).contains("platform longhaul-http-");
  }

  @Test
  void moreCallsAtOnceThanItHasPlatformThreadsForAreAllAnsweredOnPlatformThreads() {
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      var answer = new CompletableFuture<String>();
      Thread.ofVirtual().start(() -> answer.complete(call("meet")));
      calls.add(answer);
    }

    assertThat(calls.stream().map(CompletableFuture::join))
        .allSatisfy(answer -> assertThat(answer).contains("platform "))
        .anySatisfy(answer -> assertThat(answer).contains("platform longhaul-inline-"));
  }

  private String call(String tool) {
    return new McpHttp(port).modernCall(tool, "{}").send().text;
  }
}
