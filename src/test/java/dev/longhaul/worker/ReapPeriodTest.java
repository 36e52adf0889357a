package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReapPeriodTest {

  // With a longer period, each reap would treat the gap as an outage and take no lease back.
  @Test
  void aShortLeaseIsLookedThroughMoreOftenThanConfigured() {
    assertThat(Worker.reapPeriod(Duration.ofSeconds(9), Duration.ofSeconds(5))).hasSeconds(3);
    assertThat(Worker.reapPeriod(Duration.ofSeconds(15), Duration.ofSeconds(5))).hasSeconds(5);
    assertThat(Worker.reapPeriod(Duration.ofSeconds(15), Duration.ofSeconds(1))).hasSeconds(1);
  }

  @Test
  void theNextLookIsJustAfterALeaseEnds() {
    Duration period = Duration.ofSeconds(4);
    assertThat(Reaper.wait(null, period)).isEqualTo(period);
    assertThat(Reaper.wait(Duration.ofSeconds(9), period)).isEqualTo(period);
    assertThat(Reaper.wait(Duration.ofMillis(700), period))
        .isBetween(Duration.ofMillis(701), Duration.ofMillis(800));
    assertThat(Reaper.wait(Duration.ZERO, period)).isPositive();
  }
}
