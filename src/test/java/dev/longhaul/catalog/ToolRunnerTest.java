package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Progress;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolRefusedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ToolRunnerTest {
  private final AttemptContext context =
      new AttemptContext(
          "the-id",
          1,
          "local",
          Instant.MAX,
          Clock.systemUTC(),
          Tools.JSON,
          new AttemptContext.Sink() {
            @Override
            public void progress(Progress progress) {}

            @Override
            public void log(JobLog said) {}
          });

  @Test
  void anAnswerIsTheOutcome() {
    Attempt attempt = run(call -> Tools.text("Hello " + call.arguments().path("who").asString()));
    assertThat(attempt)
        .isEqualTo(
            new Attempt.Ended(
                new Outcome.Answered(
                    "{\"content\":[{\"type\":\"text\",\"text\":\"Hello Zoë\"}]}", false)));
  }

  @Test
  void anAnswerThatSaysErrorIsAnOutcomeToo() {
    assertThat(run(_ -> Tools.text("no").put("isError", true)))
        .isInstanceOfSatisfying(
            Attempt.Ended.class,
            ended ->
                assertThat(ended.outcome())
                    .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.isError()).isTrue()));
  }

  @Test
  void aRefusalIsAnOutcomeWithItsCode() {
    assertThat(
            run(_ -> {
              throw new ToolRefusedException(-32602, "no such row");
            }))
        .isEqualTo(new Attempt.Ended(new Outcome.Refused(-32602, "no such row", null)));
  }

  @Test
  void anExceptionIsAFailureThatMayBeRetried() {
    Attempt.Failed failed = failed(new IOException("the disk is full"));
    assertThat(failed.retryable()).isTrue();
    assertThat(failed.error().code()).isEqualTo(JobError.TOOL_FAILED);
    assertThat(failed.error().type()).isEqualTo("IOException");
    assertThat(failed.error().message()).isEqualTo("the disk is full");
    assertThat(failed.error().remediation()).isNotBlank();
  }

  @Test
  void aPermanentFailureIsNotRetried() {
    Attempt.Failed failed = failed(new PermanentFailureException("bad file"));
    assertThat(failed.retryable()).isFalse();
    assertThat(failed.error().remediation()).contains("A retry");
  }

  @Test
  void anExceptionThatTheToolCallsPermanentIsNotRetriedNorIsOneThatExtendsIt() {
    assertThat(failed(new NumberFormatException("no number")))
        .satisfies(failed -> assertThat(failed.retryable()).isFalse())
        .extracting(failed -> failed.error().type())
        .isEqualTo("NumberFormatException");
    assertThat(failed(new IllegalStateException("not yet")).retryable()).isTrue();

    Tool plain =
        Tools.queued(
            "greet",
            _ -> {
              throw new NumberFormatException("no number");
            });
    var onlyStates =
        plain
            .policy()
            .but()
            .permanent(new PermanentExceptions(List.of(IllegalStateException.class)))
            .build();
    Tool other = new Tool(plain.description(), onlyStates, plain.handler());
    assertThat(new ToolRunner(Tools.JSON).run(other, Tools.object("{}"), context))
        .isInstanceOfSatisfying(
            Attempt.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
  }

  @Test
  void aMissingClassIsNotRetriedAndAnErrorDoesNotEndTheWorker() {
    assertThat(failed(new NoClassDefFoundError("a/B")).retryable()).isFalse();
    assertThat(failed(new StackOverflowError()).retryable()).isTrue();
  }

  @Test
  void anExceptionWithoutAMessageIsNamedAndALongOneIsCut() {
    assertThat(failed(new IllegalStateException()).error().message())
        .isEqualTo("The tool failed with IllegalStateException.");
    assertThat(failed(new IllegalStateException("x".repeat(5_000))).error().message())
        .hasSize(2_001)
        .endsWith("…");
  }

  @Test
  void aToolThatLeavesAfterAStopWasStopped() {
    assertThat(
            run(_ -> {
              context.stop(Stop.CANCELLED);
              throw new InterruptedException();
            }))
        .isEqualTo(new Attempt.Stopped());
  }

  @Test
  void aToolThatThrowsTheStopItselfHasFailed() {
    assertThat(failed(new JobStoppedException("for fun")).error().type())
        .isEqualTo("JobStoppedException");
  }

  @Test
  void aCallWithoutArgumentsHasEmptyOnes() {
    var seen = new AtomicReference<ToolCall>();
    Tool tool =
        Tools.queued(
            "greet",
            call -> {
              seen.set(call);
              return Tools.text("");
            });
    new ToolRunner(Tools.JSON).run(tool, Tools.object("{\"name\":\"greet\"}"), context);
    assertThat(seen.get().arguments()).isEmpty();
    assertThat(seen.get().meta()).isEmpty();
    assertThat(seen.get().name()).isEqualTo("greet");
  }

  @Test
  void aToolFindsItsContextInItsThreadAndInOthersThroughWrap() {
    var seen = new AtomicReference<String>();
    run(_ -> {
      try (var executor = Executors.newSingleThreadExecutor()) {
        Callable<String> inOther = () -> JobContext.current().id();
        String there = executor.submit(JobContext.wrap(inOther)).get();
        String bare = executor.submit(() -> String.valueOf(JobContext.find())).get();
        var byRunnable = new AtomicReference<String>();
        executor.submit(JobContext.wrap(() -> byRunnable.set(JobContext.current().id()))).get();
        seen.set(JobContext.current().id() + " " + there + " " + byRunnable.get() + " " + bare);
      }
      return Tools.text("");
    });
    assertThat(seen.get()).isEqualTo("the-id the-id the-id Optional.empty");
  }

  @Test
  void outsideOfACallThereIsAdvice() throws Exception {
    assertThat(JobContext.find()).isEmpty();
    assertThatThrownBy(JobContext::current)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("JobContext.wrap(");
    Callable<String> plain = () -> "plain";
    assertThat(JobContext.wrap(plain).call()).isEqualTo("plain");
  }

  private Attempt.Failed failed(Throwable thrown) {
    Attempt attempt =
        run(_ -> {
          if (thrown instanceof Error error) {
            throw error;
          }
          throw (Exception) thrown;
        });
    assertThat(attempt).isInstanceOf(Attempt.Failed.class);
    return (Attempt.Failed) attempt;
  }

  private Attempt run(ToolHandler handler) {
    return new ToolRunner(Tools.JSON)
        .run(
            Tools.queued("greet", handler),
            Tools.object("{\"name\":\"greet\",\"arguments\":{\"who\":\"Zoë\"}}"),
            context);
  }
}
