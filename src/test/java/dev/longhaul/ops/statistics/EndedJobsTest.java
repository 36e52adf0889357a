package dev.longhaul.ops.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.LeaseToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which jobs count as ended, and whose time is known. */
class EndedJobsTest {
  private static final Claim CLAIM =
      new Claim(
          JobId.create(0, 0),
          new LeaseToken(1, "n"),
          new JobSpec(
              "tools/call",
              "greet",
              "local",
              "default",
              Priority.DEFAULT,
              Duration.ofMinutes(1),
              new RetryPolicy(3, List.of(Duration.ofSeconds(1)), true, false),
              Map.of()),
          "{}",
          "{}",
          2,
          Instant.EPOCH,
          Instant.MAX,
          Duration.ZERO,
          false,
          null);

  private final GatheredCounts counts = new GatheredCounts(1);
  private final EndedJobs jobs = new EndedJobs(counts, new RegisteredTools());

  @Test
  void aJobThatWasGivenUpBeforeItRanHasNoTime() {
    jobs.ended(CLAIM, new Outcome.GivenUp(JobError.outcomeUnknown(), null), Duration.ZERO);
    Counts ended = counts.take().ended();
    assertThat(ended.count()).isEqualTo(1);
    assertThat(ended.failures()).isEqualTo(1);
    assertThat(ended.timed()).isZero();
  }

  @Test
  void aJobThatTookLessThanAMillisecondHasATime() {
    jobs.ended(CLAIM, new Outcome.Answered("{}", false), Duration.ZERO);
    jobs.ended(CLAIM, new Outcome.GivenUp(JobError.outcomeUnknown(), null), Duration.ofMillis(1));
    assertThat(counts.take().ended().timed()).isEqualTo(2);
  }
}
