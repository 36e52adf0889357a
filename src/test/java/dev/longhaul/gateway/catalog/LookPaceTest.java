package dev.longhaul.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How soon an upstream is looked at again. */
class LookPaceTest {
  private final LookPace pace = new LookPace();
  private long now = 1_000;

  private Duration next() {
    long wait = pace.next(now);
    now += wait;
    pace.looked(now);
    return Duration.ofNanos(wait);
  }

  private List<Duration> next(int times) {
    return Stream.generate(this::next).limit(times).toList();
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void theFirstChangesAfterALookAreSeenAtOnce() {
    assertThat(next(6)).containsOnly(Duration.ZERO);
  }

  @Test
  void changesAtEveryLookAreSeenLaterAndLater() {
    var _ = next(6);
    assertThat(next(8))
        .containsExactly(
            seconds(1),
            seconds(2),
            seconds(4),
            seconds(8),
            seconds(16),
            seconds(32),
            seconds(60),
            seconds(60));
  }

  @Test
  void theWaitCountsFromTheLastLook() {
    var _ = next(6);
    now += Duration.ofMillis(300).toNanos();
    assertThat(next()).isEqualTo(Duration.ofMillis(700));
  }

  @Test
  void afterARestAFewAreSeenAtOnceAgain() {
    assertThat(next(8)).endsWith(seconds(1), seconds(2));
    now += seconds(8).toNanos();
    assertThat(next(6)).endsWith(Duration.ZERO, seconds(1));
  }

  @Test
  void changesThatAreASecondApartAreAlwaysSeenAtOnce() {
    var _ = next(10);
    now += seconds(120).toNanos();
    for (int i = 0; i < 100; i++) {
      now += seconds(1).toNanos();
      assertThat(next()).isZero();
    }
  }

  @Test
  void changesThatComeFasterAreSeenLessOften() {
    long began = now;
    for (int i = 0; i < 100; i++) {
      now += Duration.ofMillis(500).toNanos();
      var _ = next();
    }
    assertThat(Duration.ofNanos(now - began)).isGreaterThan(Duration.ofMinutes(5));
  }
}
