package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.LeaseToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The backoff before the next attempt of a job. */
class AttemptPolicyTest {
  private static final List<Duration> WAITS =
      List.of(Duration.ofSeconds(10), Duration.ofSeconds(20));

  @ParameterizedTest
  @CsvSource({
    "0.1, 0, 9000", // the largest reduction by jitter
    "0.1, 0.5, 10000",
    "0.1, 1, 11000",
    "0.5, 0, 5000",
    "0, 0, 10000", // without jitter
    "0, 1, 10000",
  })
  void aWaitIsSpreadByAPartOfIt(double jitter, double random, long millis) {
    assertThat(wait(jitter, random, false, null)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void theWaitsOfTheCallerAreExact() {
    assertThat(wait(0.1, 0, true, null)).isEqualTo(Duration.ofSeconds(10));
    assertThat(wait(0.1, 1, true, null)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aTimeThatTheToolNamedIsNeverComeBefore() {
    Duration later = Duration.ofSeconds(4);
    assertThat(wait(0.1, 0, false, later)).isEqualTo(later);
    assertThat(wait(0.1, 1, false, later)).isEqualTo(Duration.ofMillis(4_400));
  }

  @Test
  void anAttemptThatTimedOutIsNotRepeatedWhereItsToolSaidThatItIsTheLastOne() {
    var policy = new AttemptPolicy(Clock.systemUTC(), 0);
    assertThat(policy.afterTimeout(claim(false), false, null)).isInstanceOf(Completion.Retry.class);
    assertThat(policy.afterTimeout(claim(false), true, null))
        .isInstanceOf(Completion.Finished.class);
  }

  private static Duration wait(
      double jitter, double random, boolean exact, @Nullable Duration after) {
    var policy = new AttemptPolicy(Clock.systemUTC(), jitter, () -> random);
    var failed =
        new Attempt.Failed(new JobError("TOOL_FAILED", "test", "no", "later"), true, after);
    return ((Completion.Retry) policy.afterFailure(claim(exact), failed, null)).delay();
  }

  private static Claim claim(boolean exact) {
    return new Claim(
        JobId.create(0, 0),
        new LeaseToken(1, "n"),
        new JobSpec(
            "tools/call",
            "greet",
            "local",
            "default",
            Priority.DEFAULT,
            Duration.ofMinutes(1),
            new RetryPolicy(3, WAITS, true, exact),
            Map.of()),
        "{}",
        "{}",
        1,
        Instant.EPOCH,
        Instant.MAX,
        Duration.ZERO,
        false,
        null);
  }
}
