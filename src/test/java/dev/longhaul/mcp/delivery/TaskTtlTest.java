package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.JobState;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The TTL that a task announces. */
class TaskTtlTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  @Test
  void whatWasPromisedStaysThePromise() {
    assertThat(TaskView.ttlMillis(job(MINUTE, null))).isEqualTo(60_000);
    assertThat(TaskView.ttlMillis(job(MINUTE, Duration.ofSeconds(2)))).isEqualTo(60_000);
  }

  @Test
  void whatTookLongerThanWasPromisedSaysHowLongItIsKeptFromThen() {
    assertThat(TaskView.ttlMillis(job(MINUTE, Duration.ofSeconds(61)))).isEqualTo(7_261_000);
  }

  @Test
  void withoutAPromiseAJobThatGoesOnIsNotForgotten() {
    assertThat(TaskView.ttlMillis(job(null, null))).isNull();
    assertThat(TaskView.ttlMillis(job(null, Duration.ofSeconds(2)))).isEqualTo(7_202_000);
  }

  private static Job job(@Nullable Duration announced, @Nullable Duration took) {
    Instant finished = took == null ? null : Instant.EPOCH.plus(took);
    return new Job(
        JobId.create(0, 0),
        new JobSpec(
            "tools/call",
            "greet",
            "local",
            "default",
            Priority.DEFAULT,
            MINUTE,
            new RetryPolicy(1, RetryPolicy.DEFAULT_BACKOFF, false),
            Map.of()),
        took == null ? JobState.RUNNING : JobState.COMPLETED,
        Progress.NONE,
        new JobTimes(
            Instant.EPOCH,
            Instant.EPOCH,
            Instant.EPOCH,
            finished,
            null,
            finished == null ? null : finished.plus(Duration.ofHours(2)),
            announced),
        1,
        List.of(),
        null,
        null,
        JobLinks.NONE,
        true,
        0);
  }
}
