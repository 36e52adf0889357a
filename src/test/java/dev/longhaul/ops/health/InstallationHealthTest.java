package dev.longhaul.ops.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.ops.statistics.StatisticsStore.LastHour;
import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.testsupport.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstallationHealthTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final HealthProperties DEFAULT =
      new HealthProperties(1_000, 0.95, Duration.ofMinutes(5), false);
  private static final LastHour NO_JOBS = new LastHour(0, 0, 0, 0);

  private static QueueDepths depths(long waiting, long heldBack, long oldestMillis) {
    return new QueueDepths(
        Map.of("default", List.of(0L, waiting, 0L, 0L)),
        5,
        3,
        2,
        heldBack,
        Duration.ofMillis(oldestMillis));
  }

  private static HealthReport report(QueueDepths depths, LastHour hour) {
    return new InstallationHealth(
            () -> depths, () -> hour, DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC))
        .report();
  }

  @Test
  void withoutJobsItIsHealthyAndRatesAreUnknown() {
    assertThat(report(depths(0, 0, 0), NO_JOBS))
        .isEqualTo(new HealthReport(true, new HealthFigures(0L, 0L, null, null, null), NOW));
  }

  @Test
  void figuresAreInSecondsAndCountWhatIsHeldBack() {
    assertThat(report(depths(3, 4, 1_500), new LastHour(40, 1, 20, 5_000_000)).figures())
        .isEqualTo(new HealthFigures(7L, 1L, 0.25, 0.975, 1.5));
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 300000, 100, 5, true",
    "1001, 1000, 100, 0, false",
    "1, 300001, 100, 0, false",
    "1, 1000, 100, 6, false"
  })
  void aFigureBeyondItsThresholdIsUnhealthy(
      long waiting, long oldest, long ended, long failed, boolean healthy) {
    var hour = new LastHour(ended, failed, ended, ended);
    assertThat(report(depths(waiting, 0, oldest), hour).healthy()).isEqualTo(healthy);
  }

  @Test
  void withoutRedisItIsUnhealthyAndNothingIsKnown() {
    var health =
        new InstallationHealth(
            () -> {
              throw new QueueUnavailableException("away");
            },
            () -> NO_JOBS,
            DEFAULT,
            Clock.fixed(NOW, ZoneOffset.UTC));
    assertThat(health.report()).isEqualTo(new HealthReport(false, HealthFigures.UNKNOWN, NOW));
  }

  @Test
  void redisIsReadOnceASecondHoweverManyAsk() {
    var clock = new TestClock(NOW);
    var reads = new AtomicInteger();
    var health =
        new InstallationHealth(
            () -> {
              reads.incrementAndGet();
              return depths(0, 0, 0);
            },
            () -> NO_JOBS,
            DEFAULT,
            clock);
    for (int i = 0; i < 10; i++) {
      assertThat(health.report().at()).isEqualTo(NOW);
    }
    assertThat(reads).hasValue(1);
    clock.advance(Duration.ofSeconds(2));
    assertThat(health.report().at()).isEqualTo(NOW.plusSeconds(2));
    assertThat(reads).hasValue(2);
  }

  @Test
  void aWrongThresholdIsRefusedByItsName() {
    assertThatThrownBy(() -> new HealthProperties(1, 95, Duration.ofSeconds(1), false))
        .hasMessageContaining("longhaul.health.min-success-rate");
    assertThatThrownBy(() -> new HealthProperties(-1, 1, Duration.ofSeconds(1), false))
        .hasMessageContaining("longhaul.health.max-queue-size");
    assertThatThrownBy(() -> new HealthProperties(1, 1, Duration.ofSeconds(-1), false))
        .hasMessageContaining("longhaul.health.max-pending-time");
  }
}
