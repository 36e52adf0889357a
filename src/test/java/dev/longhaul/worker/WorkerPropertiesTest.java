package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerPropertiesTest {
  @Test
  void defaults() {
    assertThat(Settings.defaults(WorkerProperties.class))
        .isEqualTo(
            new WorkerProperties(
                50, List.of("default"), Duration.ofSeconds(30), Duration.ofSeconds(5)));
  }

  @Test
  void names() {
    assertThat(Settings.names(WorkerProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.worker.concurrency",
            "longhaul.worker.queues",
            "longhaul.worker.drain",
            "longhaul.worker.reap-interval");
  }

  @Test
  void aWorkerWithoutSlotsIsRefusedByTheNameOfTheSetting() {
    assertThatThrownBy(
            () -> Settings.of(WorkerProperties.class, Map.of("longhaul.worker.concurrency", "0")))
        .hasRootCauseMessage("longhaul.worker.concurrency must be at least 1, not 0");
  }

  @Test
  void aWorkerWithoutQueuesIsRefusedByTheNameOfTheSetting() {
    assertThatThrownBy(
            () -> Settings.of(WorkerProperties.class, Map.of("longhaul.worker.queues", "")))
        .hasRootCauseMessage("longhaul.worker.queues must name at least one queue");
  }
}
