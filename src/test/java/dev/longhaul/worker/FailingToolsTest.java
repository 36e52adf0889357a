package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.settings;
import static dev.longhaul.worker.WorkerFixture.tools;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.BreakerPolicy;
import dev.longhaul.catalog.NotBegunException;
import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobAttempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.RetryLaterException;
import dev.longhaul.tool.ToolRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs whose tool throws an exception or takes too long. */
class FailingToolsTest {
  private final WorkerFixture fixture = new WorkerFixture();
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aRepeatableToolIsTriedAgainAfterAnException() {
    fixture.start(
        tools(
            "flaky",
            _ -> {
              if (JobContext.current().attempt() == 1) {
                throw new IOException("not yet");
              }
              return Tools.text("done");
            }));
    JobId id = fixture.enqueue("flaky", REPEATABLE);

    Job job = fixture.waitFor(id, JobState.COMPLETED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(fixture.outcome(id)).isInstanceOf(Outcome.Answered.class);
  }

  @Test
  void aToolThatCouldNotBeginUsesNoAttempt() {
    fixture.start(
        tools(
            "busy",
            _ -> {
              if (runs.incrementAndGet() % 3 != 0) {
                throw new NotBegunException("others use it", Duration.ofMillis(1));
              }
              return Tools.text("done");
            }));
    for (RetryPolicy retry : List.of(REPEATABLE, ONCE)) {
      Job job = fixture.waitFor(fixture.enqueue("busy", retry), JobState.COMPLETED);
      assertThat(job.attempt()).isEqualTo(1);
    }
    assertThat(runs).hasValue(6);
  }

  @Test
  void aCompletedJobShowsItsAttemptsAndNoErrorOfAnEarlierOne() {
    fixture.start(
        tools(
            "flaky",
            _ -> {
              if (JobContext.current().attempt() < 3) {
                throw new IOException("é".repeat(400));
              }
              return Tools.text("done");
            }));
    Job job = fixture.waitFor(fixture.enqueue("flaky", REPEATABLE), JobState.COMPLETED);

    assertThat(job.error()).isNull();
    assertThat(job.attempts()).extracting(JobAttempt::number).containsExactly(1, 2, 3);
    assertThat(job.attempts())
        .allSatisfy(attempt -> {
          assertThat(attempt.worker()).isNotBlank();
          assertThat(attempt.startedAt()).isNotNull();
          assertThat(attempt.finishedAt()).isAfterOrEqualTo(attempt.startedAt());
        });
    assertThat(job.attempts().getLast().error()).isNull();
    JobAttempt.Failure first = Objects.requireNonNull(job.attempts().getFirst().error());
    assertThat(first.code()).isEqualTo(JobError.TOOL_FAILED);
    assertThat(first.message()).isEqualTo("é".repeat(150) + "…");
  }

  @Test
  void ofManyAttemptsTheLastOnesAreKept() {
    Tool plain =
        Tools.queued(
            "broken",
            _ -> {
              throw new IOException("the disk is full");
            });
    // Without a circuit breaker, which would hold the job back after five failures.
    var unbroken =
        ToolPolicy.of(Execution.QUEUED, LIMIT)
            .retry(ONCE)
            .breaker(new BreakerPolicy(0, LIMIT))
            .build();
    var tools = new RegisteredTools();
    tools.register(new Tool(plain.description(), unbroken, plain.handler()));
    fixture.start(tools);
    JobId id = fixture.enqueue("broken", new RetryPolicy(25, List.of(Duration.ZERO), true, true));
    Job job = fixture.waitFor(id, JobState.DEAD);
    assertThat(job.attempts()).hasSize(20);
    assertThat(job.attempts().getLast().number()).isEqualTo(25);
    assertThat(Objects.requireNonNull(job.attempts().getLast().error()).message())
        .isEqualTo("the disk is full");
  }

  @Test
  void whatAToolHasSoFarIsReadWhileItRunsAndGoesWithItsEnd() {
    var read = new CountDownLatch(1);
    fixture.start(
        tools(
            "long",
            _ -> {
              JobContext.current().partial(List.of(1, 2), 2, 5L);
              assertThat(read.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
              return Tools.text("done");
            }));
    JobId id = fixture.enqueue("long", ONCE);
    await().atMost(LIMIT).until(() -> fixture.jobs.partial(id).isPresent());
    assertThat(fixture.jobs.partial(id)).contains(new Partial("[1,2]", 2L, 5L));
    read.countDown();
    fixture.waitFor(id, JobState.COMPLETED);
    assertThat(fixture.jobs.partial(id)).isEmpty();
  }

  @Test
  void aToolThatKnowsWhenToComeAgainGoesBeforeItsBackoff() {
    fixture.start(
        tools(
            "busy",
            _ -> {
              if (JobContext.current().attempt() == 1) {
                throw new RetryLaterException("come again", Duration.ZERO);
              }
              return Tools.text("done");
            }));
    JobId id = fixture.enqueue("busy", new RetryPolicy(2, List.of(Duration.ofMinutes(20)), true));

    assertThat(fixture.waitFor(id, JobState.COMPLETED).attempt()).isEqualTo(2);
  }

  @Test
  void aToolThatAsksForALongWaitWaitsForAnHour() {
    assertThat(new RetryLaterException("later", Duration.ofDays(3)).after())
        .isEqualTo(RetryLaterException.MOST);
    assertThat(new RetryLaterException("now", Duration.ofSeconds(-1)).after()).isZero();
  }

  @Test
  void whenEveryAttemptHasFailedTheJobIsDead() {
    failAlways(new IOException("the disk is full"));
    JobId id = fixture.enqueue("broken", REPEATABLE);

    assertThat(fixture.waitFor(id, JobState.DEAD).attempt()).isEqualTo(3);
    assertThat(runs).hasValue(3);
  }

  @Test
  void aToolThatMayNotBeRepeatedIsDeadAfterOneAttemptAndSaysWhy() {
    failAlways(new IOException("the disk is full"));
    JobId id = fixture.enqueue("broken", ONCE);

    Job job = fixture.waitFor(id, JobState.DEAD);
    assertThat(job.attempt()).isEqualTo(1);
    JobError error = Objects.requireNonNull(job.error());
    assertThat(error.code()).isEqualTo(JobError.TOOL_FAILED);
    assertThat(error.type()).isEqualTo("IOException");
    assertThat(error.message()).isEqualTo("the disk is full");
    assertThat(error.remediation()).isNotBlank();
    assertThat(fixture.outcome(id)).isEqualTo(new Outcome.GivenUp(error, null));
    assertThat(runs).hasValue(1);
  }

  @Test
  void aPermanentFailureIsNotRetried() {
    failAlways(new PermanentFailureException("no such file"));
    JobId id = fixture.enqueue("broken", REPEATABLE);

    assertThat(fixture.waitFor(id, JobState.FAILED).attempt()).isEqualTo(1);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aRefusalIsTheJobsOutcomeAndIsNotRetried() {
    failAlways(new ToolRefusedException(-32602, "no such row"));
    JobId id = fixture.enqueue("broken", REPEATABLE);

    assertThat(fixture.outcome(id)).isEqualTo(new Outcome.Refused(-32602, "no such row", null));
    assertThat(fixture.job(id).state()).isEqualTo(JobState.FAILED);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatAFailedToolHadProducedIsKept() {
    fixture.start(
        tools(
            "broken",
            _ -> {
              JobContext.current().partial(List.of(1, 2), 2, 5L);
              throw new IOException("lost the rest");
            }));
    JobId id = fixture.enqueue("broken", ONCE);

    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.GivenUp.class,
            given -> assertThat(given.partial()).isEqualTo(new Partial("[1,2]", 2L, 5L)));
  }

  @Test
  void anAttemptThatTakesTooLongIsInterruptedAndItsPartialKept() {
    var interrupted = new CountDownLatch(1);
    fixture.start(
        tools(
            "slow",
            _ -> {
              JobContext.current().partial(List.of("a"), 1, null);
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
              return Tools.text("");
            }));
    JobId id = fixture.enqueue("slow", ONCE, Duration.ofMillis(50), 0);

    waitFor(interrupted);
    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.error().code()).isEqualTo(JobError.TIMEOUT);
              assertThat(failed.error().message()).contains("0.05 s");
              assertThat(failed.partial()).isEqualTo(new Partial("[\"a\"]", 1L, null));
            });
    assertThat(fixture.job(id).state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aTimeOutOfARepeatableToolIsTriedAgain() {
    fixture.start(
        tools(
            "slow",
            _ -> {
              if (JobContext.current().attempt() == 1) {
                new CountDownLatch(1).await();
              }
              return Tools.text("");
            }));
    // Long enough for the second attempt to succeed on a busy machine.
    JobId id = fixture.enqueue("slow", REPEATABLE, Duration.ofSeconds(2), 0);

    assertThat(fixture.waitFor(id, JobState.COMPLETED).attempt()).isGreaterThan(1);
  }

  @Test
  void aToolThatIgnoresItsInterruptTimesOutButKeepsItsSlot() {
    var release = new CountDownLatch(1);
    Worker worker =
        fixture.start(
            fixture.redis.work(),
            tools(
                "deaf",
                call -> {
                  if (call.arguments().path("number").asInt() == 0) {
                    JobContext.current().partial("kept");
                    awaitUninterruptibly(release);
                  }
                  return Tools.text("too late");
                }),
            settings(1, LIMIT));
    JobId deaf = fixture.enqueue("deaf", ONCE, Duration.ofMillis(50), 0);

    assertThat(fixture.outcome(deaf))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.partial()).isEqualTo(new Partial("\"kept\"", null, null)));
    assertThat(worker.runningJobs()).isEqualTo(1);
    JobId next = fixture.enqueue("deaf", ONCE, LIMIT, 1);
    assertThat(fixture.job(next).state()).isEqualTo(JobState.QUEUED);

    release.countDown();
    fixture.waitFor(next, JobState.COMPLETED);
    assertThat(fixture.outcome(deaf)).isInstanceOf(Outcome.Failed.class);
  }

  private void failAlways(Exception exception) {
    fixture.start(
        tools(
            "broken",
            _ -> {
              runs.incrementAndGet();
              throw exception;
            }));
  }

  static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // Ignored on purpose.
      }
    }
  }
}
