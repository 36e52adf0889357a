package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerPropertiesTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final Pool IO = new Pool("io", List.of("default", "io"), 50);
  private static final Pool CPU = new Pool("cpu", List.of("cpu"), PROCESSORS);

  @Test
  void defaults() {
    WorkerProperties defaults = Settings.defaults(WorkerProperties.class);
    assertThat(defaults)
        .isEqualTo(
            new WorkerProperties(
                Map.of(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                0.1,
                Duration.ofSeconds(30),
                false,
                new WorkerProperties.Limits(1_000, Duration.ofSeconds(10))));
    assertThat(defaults.runningPools()).containsExactly(IO, CPU);
    assertThat(defaults.queues()).containsExactly("default", "io", "cpu");
  }

  @Test
  void names() {
    assertThat(Settings.names(WorkerProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.worker.pools",
            "longhaul.worker.drain",
            "longhaul.worker.reap-interval",
            "longhaul.worker.input-ttl",
            "longhaul.worker.backoff-jitter",
            "longhaul.worker.stuck-after",
            "longhaul.worker.exit-when-stuck",
            "longhaul.worker.limits.asking",
            "longhaul.worker.limits.computing");
  }

  @Test
  void aDefaultPoolKeepsWhatConfigurationDoesNotSay() {
    assertThat(of(Map.of("longhaul.worker.pools.cpu.concurrency", "7")).runningPools())
        .containsExactly(IO, new Pool("cpu", List.of("cpu"), 7));
    assertThat(of(Map.of("longhaul.worker.pools.io.queues", "mail,default")).runningPools())
        .containsExactly(new Pool("io", List.of("mail", "default"), 50), CPU);
  }

  @Test
  void aPoolOfOnesOwnServesTheQueueOfItsNameUnlessItSaysOtherwise() {
    assertThat(
            of(Map.of(
                    "longhaul.worker.pools.mail.concurrency", "3",
                    "longhaul.worker.pools.video.threads", "platform"))
                .runningPools())
        .containsExactlyInAnyOrder(
            IO,
            CPU,
            new Pool("mail", List.of("mail"), 3),
            new Pool("video", List.of("video"), PROCESSORS));
  }

  @Test
  void aPoolWithoutSlotsIsNotThere() {
    WorkerProperties onlyCpu = of(Map.of("longhaul.worker.pools.io.concurrency", "0"));
    assertThat(onlyCpu.runningPools()).containsExactly(CPU);
    assertThat(onlyCpu.queues()).containsExactly("cpu");
  }

  @ParameterizedTest
  @CsvSource({
    "io.concurrency, -1, 'longhaul.worker.pools.io.concurrency must not be below 0, but is -1'",
    "io.queues, '', longhaul.worker.pools.io.queues must name at least one queue",
  })
  void whatMakesNoSenseIsRefusedByTheNameOfTheSetting(
      String setting, String value, String message) {
    assertThatThrownBy(() -> of(Map.of("longhaul.worker.pools." + setting, value)))
        .hasRootCauseMessage(message);
  }

  @Test
  void aWorkerWithoutAnyPoolIsRefused() {
    assertThatThrownBy(() ->
            of(
                Map.of(
                    "longhaul.worker.pools.io.concurrency", "0",
                    "longhaul.worker.pools.cpu.concurrency", "0")))
        .hasRootCauseMessage(
            "longhaul.worker.pools.*.concurrency is 0 for every pool; set longhaul.role=api"
                + " for a process that runs no jobs");
  }

  private static WorkerProperties of(Map<String, String> properties) {
    return Settings.of(WorkerProperties.class, properties);
  }
}
