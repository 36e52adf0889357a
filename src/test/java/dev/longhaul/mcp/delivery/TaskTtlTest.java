package dev.longhaul.mcp.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a task says that it is known. */
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
        "tools/call",
        "greet",
        "local",
        "default",
        took == null ? JobState.RUNNING : JobState.COMPLETED,
        Priority.DEFAULT,
        Progress.NONE,
        1,
        1,
        false,
        MINUTE,
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH,
        finished,
        null,
        null,
        true,
        finished == null ? null : finished.plus(Duration.ofHours(2)),
        announced,
        Map.of(),
        null,
        null,
        null,
        null,
        0,
        List.of());
  }
}
