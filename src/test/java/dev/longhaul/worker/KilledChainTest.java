package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.FlowRequest;
import dev.longhaul.queue.FlowState;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** kill -9 of a worker in the middle of a chain. */
class KilledChainTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final RetryPolicy REPEATABLE =
      new RetryPolicy(3, List.of(Duration.ofMillis(10)), true);

  @TempDir Path directory;

  @Test
  void theChainGoesOnWhereTheWorkerDied() {
    String namespace = TestRedis.namespace();
    try (var fixture = new WorkerFixture(namespace, TestRedis.url(), LEASE);
        var processes = new ChaosProcesses(directory, TestRedis.url(), namespace, LEASE)) {
      FlowQueue flows = fixture.redis.flows(1_000_000);
      JobId chain = flows.open(new FlowRequest(FlowKind.CHAIN, "test", "local", false));
      flows.stage(
          chain,
          0,
          List.of(
              step("echo", "{\"n\":7}"),
              step("wait", "{\"n\":\"{{previous#/n}}\"}"),
              step("echo", "{\"n\":\"{{steps.1#/n}}\",\"after\":\"done {{previous}}\"}")));
      flows.seal(chain, 3);
      JobId waits = new FlowRef(chain, 1).job();

      Process first = processes.start(2);
      await().atMost(LIMIT).until(() -> ChaosProcesses.starts(processes.diaries(), waits) == 1);
      processes.kill(first);
      Process second = processes.start(2);
      processes.go();
      await()
          .atMost(LIMIT)
          .until(() -> flows.find(chain).orElseThrow().state() == FlowState.COMPLETED);

      var answered = (Outcome.Answered) fixture.outcome(new FlowRef(chain, 2).job());
      JsonNode echoed = Tools.JSON.readTree(answered.json()).path("structuredContent");
      assertThat(echoed.path("n").isInt()).isTrue();
      assertThat(echoed.path("n").asInt()).isEqualTo(7);
      assertThat(echoed.path("after").asString()).isEqualTo("done by " + second.pid());
      assertThat(ChaosProcesses.starts(processes.diaries(), waits)).isEqualTo(2);
    }
  }

  private static JobRequest step(String tool, String arguments) {
    return new JobRequest(
            "tools/call",
            tool,
            "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments),
            "local",
            "default",
            Priority.DEFAULT,
            Duration.ZERO,
            false,
            Duration.ofMinutes(1),
            Duration.ofMinutes(30),
            REPEATABLE,
            Map.of())
        .headed(JobHeaders.NONE.templated().json());
  }
}
