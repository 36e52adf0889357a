package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.ZOE;
import static dev.longhaul.intake.IntakeFixture.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCall;
import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.intake.Refusal.BadRequest;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Limits;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Rate;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.job.Waiting;
import dev.longhaul.queue.Claim;
import dev.longhaul.testing.Refused;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The limits of options that a caller may set. */
class OptionLimitsTest {
  private static final Limits TWO = new Limits(2, new Rate(10, Duration.ofSeconds(1)), null);

  private final IntakeFixture fixture =
      new IntakeFixture(
          List.of(),
          Tools.repeatable("lookup", _ -> Tools.text("")),
          limited("scarce", TWO),
          resuming());
  private final Intake intake = fixture.intake;

  private static Tool resuming() {
    Tool tool = Tools.queued("follow", _ -> Tools.text(""));
    return new Tool(
        tool.description(),
        tool.policy(),
        new ToolHandler() {
          @Override
          public ObjectNode call(ToolCall call) {
            return Tools.text("");
          }

          @Override
          public boolean resumes() {
            return true;
          }
        });
  }

  private static Tool limited(String name, Limits limits) {
    Tool tool = Tools.repeatable(name, _ -> Tools.text(""));
    return new Tool(
        tool.description(),
        ToolPolicy.of(Execution.QUEUED, Duration.ofMinutes(1))
            .retry(new RetryPolicy(3, RetryPolicy.DEFAULT_BACKOFF, true))
            .limits(limits)
            .build(),
        tool.handler());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aJobMayStartAtItsTime() {
    Instant time = Instant.now().plus(Duration.ofHours(3));
    Job job = submit(options().runAt(time));
    assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(job.times().dueAt()).isBetween(time.minusSeconds(1), time.plusSeconds(60));
  }

  @Test
  void aTimeInThePastMeansNow() {
    assertThat(submit(options().runAt(Instant.EPOCH)).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aTimeTooFarAwayIsRefused() {
    refused(options().runAt(Instant.now().plus(Duration.ofDays(8))), "run_at", "max-delay");
    refused(options().runAt(Instant.MAX), "run_at", "max-delay");
  }

  @Test
  void twoWaysOfSayingTheSameAreRefused() {
    Instant time = Instant.now().plusSeconds(60);
    refused(options().runAt(time).delay(Duration.ofSeconds(60)), "run_at", "delay_seconds");
    refused(
        options().retryUntil(time).deadline(Duration.ofSeconds(60)),
        "retry_until",
        "deadline_seconds");
  }

  @Test
  void attemptsMayBeStartedUntilTheDeadlineHoweverItIsSaid() {
    Duration hour = Duration.ofHours(1);
    submit(options().deadline(hour));
    Claim claim = fixture.start();
    assertThat(Duration.between(claim.createdAt(), claim.retryUntil())).isEqualTo(hour);

    Instant time = Instant.now().plus(hour).truncatedTo(ChronoUnit.MILLIS);
    submit(options().retryUntil(time));
    assertThat(fixture.start().retryUntil()).isBetween(time.minusSeconds(1), time.plusSeconds(60));
  }

  @Test
  void aDeadlineIsAfterTheStartAndNotTooLongAfterIt() {
    Duration minute = Duration.ofMinutes(1);
    refused(
        options().delay(minute).deadline(minute), "deadline_seconds", "after the time the job may");
    refused(options().retryUntil(Instant.EPOCH), "retry_until", "after the time the job may start");
    Duration most = Duration.ofDays(2);
    refused(
        options().deadline(most.plusMillis(1)), "deadline_seconds", "longhaul.intake.max-deadline");
    refused(options().retryUntil(Instant.MAX), "retry_until", "longhaul.intake.max-deadline");
    submit(options().deadline(most));
    submit(options().delay(minute).deadline(most.plus(minute)));
  }

  @Test
  void aHeldJobIsStartedOnceAndItsTimesCountFromThen() {
    Job held = submit(options().held(true).delay(Duration.ofHours(1)));
    assertThat(held.state()).isEqualTo(JobState.HELD);
    assertThat(intake.estimatedCompletion(held)).isEmpty();

    Job started = intake.start(ZOE, held.id());
    assertThat(started.state()).isEqualTo(JobState.SCHEDULED);
    assertThatThrownBy(() -> intake.start(ZOE, held.id()))
        .satisfies(Refused.refused(Refusal.NotHeld.class))
        .hasMessageContaining("is not held: it is scheduled");
  }

  @Test
  void aHeldJobHasNoTimeOfItsOwn() {
    Instant time = Instant.now().plusSeconds(60);
    refused(options().held(true).runAt(time), "run_at", "delay_seconds");
    refused(options().held(true).retryUntil(time), "retry_until", "deadline_seconds");
  }

  @Test
  void theCallersWaitsReplaceTheTools() {
    List<Duration> waits = List.of(Duration.ofSeconds(1), Duration.ZERO);
    submit(options().backoff(waits));
    assertThat(fixture.start().retry()).isEqualTo(new RetryPolicy(3, waits, true, true));
    refused(options().backoff(List.of(Duration.ofDays(8))), "backoff_seconds", "max-delay");
  }

  @Test
  void aToolThatResumesMayHaveAnotherAttemptOfTheQueueButNoneOfItsCaller() {
    fixture.submit(ZOE, "follow");
    assertThat(fixture.start().retry().repeatable()).isTrue();
    refused("follow", options().maxAttempts(2), "max_attempts", "may not be repeated");
  }

  @Test
  void aCallerMayWishForLessThanTheToolAllowsAndNotForMore() {
    assertThat(terms().limits(options().build(), "scarce", TWO)).isEqualTo(TWO);
    Rate slow = new Rate(5, Duration.ofSeconds(1));
    JobOptions less = options().concurrency(1).rate(slow).build();
    assertThat(terms().limits(less, "scarce", TWO)).isEqualTo(new Limits(1, slow, null));
    assertThat(terms().limits(less, "lookup", Limits.NONE)).isEqualTo(new Limits(1, slow, null));

    refused("scarce", options().concurrency(3), "concurrency", "longhaul.tools.scarce.concurrency");
    refused("scarce", options().concurrency(0), "concurrency", "1 to 2");
    refused(options().concurrency(0), "concurrency", "at least 1");
    refused(
        "scarce",
        options().rate(new Rate(11, Duration.ofSeconds(1))),
        "rate",
        "longhaul.tools.scarce.rate");
    // The same average rate, with a larger burst.
    refused("scarce", options().rate(new Rate(600, Duration.ofMinutes(1))), "rate", "at once");
  }

  @Test
  void aJobOverTheLimitSaysWhatItWaitsFor() {
    for (int i = 0; i < 3; i++) {
      intake.submit(call(ZOE, "scarce"));
    }
    var claims = fixture.work.step(List.of(), List.of("default"), 10).join().claims();
    assertThat(claims).hasSize(2);
    Job third = intake.list(ZOE, null, null, null, 1).jobs().getFirst();
    assertThat(third.waiting()).isEqualTo(new Waiting(Waiting.Reason.CONCURRENCY, null, 2));
  }

  @Test
  void everyJobOfACallerCountsAgainstItsRate() {
    var settings =
        new IntakeProperties(
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofDays(7),
            Duration.ofDays(2),
            "high",
            "100/m",
            Duration.ofSeconds(5),
            256);
    Limits limits =
        new OptionLimits(settings, Clock.systemUTC()).limits(JobOptions.NONE, "scarce", TWO);
    assertThat(limits)
        .isEqualTo(new Limits(2, TWO.toolRate(), new Rate(100, Duration.ofMinutes(1))));
  }

  @Test
  void aCallerMayBeNoMoreUrgentThanTheOperatorLets() {
    assertThatThrownBy(() -> submit(options().priority(new Priority(51))))
        .satisfies(Refused.refused(Refusal.BadRequest.class))
        .hasMessageContaining("longhaul.intake.max-priority");
    assertThat(submit(options().priority(new Priority(50))).priority().value()).isEqualTo(50);
  }

  private static OptionLimits terms() {
    return new OptionLimits(IntakeFixture.LIMITS, Clock.systemUTC());
  }

  private static JobOptions.Builder options() {
    return JobOptions.builder();
  }

  private Job submit(JobOptions.Builder options) {
    return intake.submit(call(ZOE, "lookup").with(options.build()));
  }

  private void refused(JobOptions.Builder options, String option, String words) {
    refused("lookup", options, option, words);
  }

  private void refused(String tool, JobOptions.Builder options, String option, String words) {
    assertThatThrownBy(() -> intake.submit(call(ZOE, tool).with(options.build())))
        .satisfies(
            Refused.refused(
                BadRequest.class, refused -> assertThat(refused.option()).isEqualTo(option)))
        .hasMessageContaining(words);
  }
}
