package dev.longhaul.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The value types of a job refuse invalid values when they are created. */
class JobValuesTest {
  private static final List<Duration> WAITS = List.of(Duration.ofMillis(1), Duration.ofMillis(2));

  @Test
  void theLastWaitRepeats() {
    RetryPolicy policy = new RetryPolicy(5, WAITS, true);
    assertThat(policy.waitAfter(1)).isEqualTo(Duration.ofMillis(1));
    assertThat(policy.waitAfter(2)).isEqualTo(Duration.ofMillis(2));
    assertThat(policy.waitAfter(3)).isEqualTo(Duration.ofMillis(2));
    assertThat(policy.waitAfter(99)).isEqualTo(Duration.ofMillis(2));
    assertThat(policy.waitAfter(0)).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void theDefaultWaitsAreOneTwoAndFiveMinutes() {
    assertThat(RetryPolicy.DEFAULT_BACKOFF)
        .containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(5));
  }

  @Test
  void onceIsOneAttemptThatIsNeverRepeated() {
    assertThat(RetryPolicy.once().maxAttempts()).isEqualTo(1);
    assertThat(RetryPolicy.once().repeatable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 101})
  void aSenselessNumberOfAttemptsIsRefused(int attempts) {
    assertThatThrownBy(() -> new RetryPolicy(attempts, WAITS, true))
        .hasMessage("max attempts must be 1 to 100, not " + attempts);
  }

  @Test
  void retriesNeedAWaitThatIsNotNegative() {
    assertThatThrownBy(() -> new RetryPolicy(2, List.of(), true))
        .hasMessageContaining("at least one wait");
    assertThatThrownBy(() -> new RetryPolicy(2, List.of(Duration.ofMillis(-1)), true))
        .hasMessageContaining("none below zero");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void progressIsAShareOfTheWhole(double fraction) {
    assertThatThrownBy(() -> new Progress(fraction, null))
        .hasMessage("progress must be 0 to 1, not " + fraction);
  }

  @Test
  void progressMayBeUnknown() {
    assertThat(new Progress(null, "3 done").fraction()).isNull();
    assertThat(new Progress(0.0, null).fraction()).isZero();
    assertThat(new Progress(1.0, null).fraction()).isEqualTo(1);
  }

  @Test
  void whatIsLeftIsKnownOnlyWithBothCounts() {
    assertThat(new Partial("[]", 3L, 10L).remaining()).isEqualTo(7);
    assertThat(new Partial("[]", 12L, 10L).remaining()).isZero();
    assertThat(new Partial("[]", null, 10L).remaining()).isNull();
    assertThat(new Partial("[]", 3L, null).remaining()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aStateIsReadBackFromItsWireName(JobState state) {
    assertThat(JobState.fromWire(state.wire())).contains(state);
    assertThat(JobState.fromWire(state.name())).isEmpty();
  }

  @Test
  void aRoleServesFrontDoorsRunsJobsOrBoth() {
    assertThat(Role.ALL.servesFrontDoors() && Role.ALL.runsJobs()).isTrue();
    assertThat(Role.API.servesFrontDoors()).isTrue();
    assertThat(Role.API.runsJobs()).isFalse();
    assertThat(Role.WORKER.servesFrontDoors()).isFalse();
    assertThat(Role.WORKER.runsJobs()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10/s", "100/m", "5/30s", "1/h", "7/90m", "3/250ms"})
  void aRateIsWrittenAsItIsRead(String text) {
    assertThat(Rate.parse(text).orElseThrow()).hasToString(text);
  }
}
