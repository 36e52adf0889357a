package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.McpHttp.Stream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Calls held by a process that is stopping while its worker drains. */
@Timeout(180)
class DrainedCallsTest {
  private static volatile Latches here = new Latches();
  private static volatile Latches there = new Latches();

  /** The latches of one tool in one test. */
  record Latches(CountDownLatch running, CountDownLatch release, CountDownLatch interrupted) {
    Latches() {
      this(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
    }

    String run() throws InterruptedException {
      running.countDown();
      try {
        release.await();
        return "finished";
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    }
  }

  static class Tools {
    @McpTool(
        name = "run_here",
        description = "Runs in the process that stops",
        annotations = @McpTool.McpAnnotations(idempotentHint = true))
    String runHere() throws InterruptedException {
      return here.run();
    }

    @McpTool(name = "run_there", description = "Runs in the other process")
    String runThere() throws InterruptedException {
      return there.run();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Toolbox {
    @Bean
    Tools drainedTools() {
      return new Tools();
    }
  }

  @BeforeEach
  void reset() {
    here = new Latches();
    there = new Latches();
  }

  @AfterEach
  void release() {
    here.release().countDown();
    there.release().countDown();
  }

  @Test
  void aCallOfAnotherProcessesJobIsHandedOverAtOnceAndOneOfThisProcessStillGetsItsResult()
      throws Exception {
    try (Replicas replicas = replicas("10m")) {
      try (Stream other = call(replicas, "run_there");
          Stream own = call(replicas, "run_here")) {
        assertThat(there.running().await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(here.running().await(1, TimeUnit.MINUTES)).isTrue();

        Thread stopping = Thread.ofPlatform().start(() -> replicas.stop(0));
        // The call is handed over although a job of this process delays the stop.
        assertThat(result(other).path("structuredContent").path("operation_id").asString())
            .isNotEmpty();
        assertThat(stopping.isAlive()).isTrue();

        here.release().countDown();
        assertThat(result(own).path("content").path(0).path("text").asString())
            .contains("finished");
        assertThat(stopping.join(Duration.ofMinutes(1))).isTrue();
      }
    }
  }

  @Test
  void aCallWhoseJobOutlastsTheDrainIsHandedOverWhileItStillRuns() throws Exception {
    try (Replicas replicas = replicas("4s")) {
      try (Stream own = call(replicas, "run_here")) {
        assertThat(here.running().await(1, TimeUnit.MINUTES)).isTrue();
        Thread stopping = Thread.ofPlatform().start(() -> replicas.stop(0));
        assertThat(result(own).path("structuredContent").path("status").asString())
            .isEqualTo("running");
        assertThat(here.interrupted().await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(stopping.join(Duration.ofMinutes(1))).isTrue();
      }
    }
  }

  private static Replicas replicas(String drain) {
    Replicas replicas = new Replicas(0, Toolbox.class);
    replicas.start(settings("here", drain));
    replicas.start(settings("there", "0s"));
    return replicas;
  }

  private static String[] settings(String queue, String drain) {
    return new String[] {
      "--longhaul.mcp.hold=100s",
      "--longhaul.tools.run_here.queue=here",
      "--longhaul.tools.run_there.queue=there",
      "--longhaul.worker.pools.io.queues=" + queue,
      "--longhaul.worker.drain=" + drain
    };
  }

  private static Stream call(Replicas replicas, String tool) {
    return replicas.get(0).modernCall(tool, "{}").open();
  }

  private static JsonNode result(Stream stream) {
    JsonNode message = stream.next();
    assertThat(message).isNotNull();
    return message.path("result");
  }
}
