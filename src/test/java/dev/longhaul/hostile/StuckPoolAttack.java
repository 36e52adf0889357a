package dev.longhaul.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * A tool that ignores its interrupt uses every slot of a pool, and the process is configured to end
 * then. The test starts separate processes, on a Redis that outlives them.
 */
@Timeout(300)
class StuckPoolAttack {
  private static final List<String> SETTINGS =
      List.of(
          "spring.data.redis.url=" + TestRedis.url(),
          "longhaul.namespace=" + TestRedis.namespace(),
          "longhaul.worker.stuck-after=1s",
          "longhaul.worker.exit-when-stuck=true",
          "longhaul.worker.pools.io.concurrency=2",
          "longhaul.worker.pools.apart.queues=apart",
          "longhaul.worker.pools.apart.concurrency=1",
          "longhaul.tools.spin.timeout=1s");

  @Test
  void theProcessEndsOnceTheJobsOfItsOtherPoolsAreDoneAndTheNextOneGoesOn() throws Exception {
    String running;
    String spinning;
    String late;
    try (Target first = start()) {
      running = first.submit("wait_at_gate", "{\"name\":\"running\"}");
      first.awaitState(running, "running");
      spinning = submitApart(first, "spin");
      Awaitility.await()
          .atMost(Target.LIMIT)
          .until(() -> first.log().contains("Every slot of pool apart is used by a tool"));
      late = first.submit("compute_hash", "{\"data\":\"late\"}");
      assertThat(first.awaitState(running, "running").path("attempt").asInt()).isEqualTo(1);
      assertThat(first.awaitState(late, "queued").path("attempt").asInt()).isZero();
      assertThat(first.isAlive()).isTrue();

      Files.writeString(first.data().resolve("gate"), "");
      assertThat(first.awaitExit()).as(first.log()).isEqualTo(70);
      assertThat(Files.readString(first.data().resolve("runs")))
          .containsOnlyOnce("running")
          .containsOnlyOnce("apart");
    }
    // A supervisor would restart it.
    try (Target second = start()) {
      assertThat(state(second, running)).isEqualTo("completed");
      assertThat(state(second, late)).isEqualTo("completed");
      JsonNode timedOut = second.awaitEnd(spinning);
      assertThat(timedOut.path("state").asString()).as(timedOut.toString()).isEqualTo("failed");
      assertThat(timedOut.path("attempt").asInt()).isEqualTo(1);
      assertThat(state(second, submitApart(second, "compute_hash"))).isEqualTo("completed");
      second.assertServes();
      assertThat(second.data().resolve("runs")).doesNotExist(); // neither job runs again
    }
  }

  private static Target start() throws IOException {
    return Target.start("320m", List.of(), SETTINGS, List.of(DeafTools.class), null);
  }

  private static String submitApart(Target target, String tool) {
    String argument = tool.equals("spin") ? "name" : "data";
    var answer =
        target.post(
            "/api/v1/jobs",
            "{\"tool\":\"%s\",\"arguments\":{\"%s\":\"apart\"},\"queue\":\"apart\"}"
                .formatted(tool, argument));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Target.JSON.readTree(answer.body()).path("id").asString();
  }

  private static String state(Target target, String job) {
    return target.awaitEnd(job).path("state").asString();
  }
}
