package dev.longhaul.intake;

import static dev.longhaul.intake.IntakeFixture.ZOE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Priority;
import dev.longhaul.testing.Refused;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.ToolRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Inline calls run in the thread of the request and are not stored. */
class InlineCallsTest {
  private final AtomicReference<ToolHandler> handler = new AtomicReference<>();
  private final IntakeFixture fixture =
      new IntakeFixture(
          List.of(),
          Tools.inline("hash", Duration.ofMillis(100), call -> handler.get().call(call)),
          Tools.inline("patient", Duration.ofMinutes(1), call -> handler.get().call(call)),
          Tools.queued("greet", _ -> Tools.text("")));
  private final List<String> heard = new ArrayList<>();
  private volatile boolean gone;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void thePolicySaysWhoRunsInline() {
    assertThat(fixture.intake.policy(IntakeFixture.call(ZOE, "hash")).execution())
        .isEqualTo(Execution.INLINE);
    assertThat(fixture.intake.policy(IntakeFixture.call(ZOE, "greet")).execution())
        .isEqualTo(Execution.QUEUED);
  }

  @Test
  void whatOnlyAStoredJobCanHaveIsRefused() {
    refused("delay_seconds", JobOptions.builder().delay(Duration.ofSeconds(1)));
    refused("run_at", JobOptions.builder().runAt(Instant.EPOCH));
    refused("idempotency_key", JobOptions.builder().idempotencyKey("k"));
    refused("held", JobOptions.builder().held(true));
  }

  private void refused(String option, JobOptions.Builder options) {
    var submission = IntakeFixture.call(ZOE, "patient").with(options.build());
    assertThatThrownBy(() -> fixture.intake.runInline(submission, listener()))
        .satisfies(
            Refused.refused(
                Refusal.BadRequest.class, e -> assertThat(e.option()).isEqualTo(option)))
        .hasMessageContaining("longhaul.tools.patient.execution=queued");
  }

  @Test
  void whatMakesNoDifferenceIsLeftAloneAndTheTimeOutCounts() {
    handler.set(_ -> {
      new CountDownLatch(1).await();
      return Tools.text("never");
    });
    var options =
        JobOptions.builder()
            .priority(Priority.LOW)
            .delay(Duration.ZERO)
            .maxAttempts(7)
            .timeout(Duration.ofMillis(50))
            .build();
    var submission = IntakeFixture.call(ZOE, "patient").with(options);
    assertThat(fixture.intake.runInline(submission, listener()))
        .isEqualTo(new Inlined.Ended(new Outcome.Failed(JobError.timeout(50), null)));
  }

  @Test
  void theCallRunsInThisThreadWithItsContextAndIsNotStored() {
    var seen = new AtomicReference<String>();
    Thread here = Thread.currentThread();
    Outcome outcome =
        run(
            "patient",
            _ -> {
              JobContext job = JobContext.current();
              seen.set(
                  job.caller()
                      + " "
                      + job.attempt()
                      + " "
                      + JobId.isValid(job.id())
                      + " "
                      + Thread.currentThread().equals(here));
              return Tools.text("abc");
            });
    assertThat(outcome)
        .isEqualTo(
            new Outcome.Answered("{\"content\":[{\"type\":\"text\",\"text\":\"abc\"}]}", false));
    assertThat(seen.get()).isEqualTo("zoe 1 true true");
    assertThat(fixture.intake.list(ZOE, null, null, null, 10).jobs()).isEmpty();
  }

  @Test
  void whatTheToolReportsReachesTheListener() {
    run(
        "patient",
        call -> {
          call.context().progress(0.5, "half");
          call.context().log("info", "hash", "busy");
          return Tools.text("");
        });
    assertThat(heard).containsExactly("0.5 of 1.0 half", "info hash busy");
  }

  @Test
  void aCallThatTakesTooLongIsInterruptedAndKeepsItsPartial() {
    Outcome outcome =
        run(
            "hash",
            _ -> {
              JobContext.current().partial("begun");
              new CountDownLatch(1).await();
              return Tools.text("never");
            });
    assertThat(outcome)
        .isEqualTo(new Outcome.Failed(JobError.timeout(100), new Partial("\"begun\"", null, null)));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aCallWhoseClientLeavesIsInterrupted() {
    Outcome outcome =
        run(
            "patient",
            _ -> {
              JobContext.current().partial("begun");
              gone = true;
              new CountDownLatch(1).await();
              return Tools.text("never");
            });
    assertThat(outcome).isEqualTo(new Outcome.Cancelled(new Partial("\"begun\"", null, null)));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aFailureIsFinalAndSaysWhy() {
    assertThat(
            run(
                "patient",
                _ -> {
                  throw new IOException("the disk is full");
                }))
        .isInstanceOfSatisfying(
            Outcome.GivenUp.class,
            given -> {
              assertThat(given.error().code()).isEqualTo(JobError.TOOL_FAILED);
              assertThat(given.error().message()).isEqualTo("the disk is full");
            });
  }

  @Test
  void aRefusalKeepsItsCode() {
    assertThat(
            run(
                "patient",
                _ -> {
                  throw new ToolRefusedException(-32602, "no such algorithm");
                }))
        .isEqualTo(new Outcome.Refused(-32602, "no such algorithm", null));
  }

  @Test
  void argumentsAreCheckedHereToo() {
    var submission = Submission.toolCall(ZOE, Tools.object("{\"name\":\"hash\",\"arguments\":[]}"));
    assertThatThrownBy(() -> fixture.intake.runInline(submission, listener()))
        .satisfies(Refused.refused(Refusal.BadRequest.class));
  }

  private Outcome run(String tool, ToolHandler what) {
    handler.set(what);
    Inlined end = fixture.intake.runInline(IntakeFixture.call(ZOE, tool), listener());
    return ((Inlined.Ended) end).outcome();
  }

  private CallIntake.InlineListener listener() {
    return new CallIntake.InlineListener() {
      @Override
      public void progress(double progress, @Nullable Double total, @Nullable String message) {
        heard.add(progress + " of " + total + " " + message);
      }

      @Override
      public void log(JobLog said) {
        heard.add(
            said.level() + " " + said.logger() + " " + Tools.JSON.readTree(said.data()).asString());
      }

      @Override
      public boolean cancelled() {
        return gone;
      }
    };
  }
}
