package dev.longhaul.intake;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RequestContext;
import dev.longhaul.thread.CoarseTimer;
import dev.longhaul.thread.PlatformCalls;
import dev.longhaul.tool.Question;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs calls inline, while their request waits; nothing is stored. Each call runs on a platform
 * thread, because a tool may use the CPU for long.
 */
final class InlineCalls implements AutoCloseable {
  /** How often a running call checks whether its client has disconnected. */
  private static final Duration DISCONNECT_CHECK = Duration.ofMillis(250);

  /** How long a call waits for a thread while all of them are busy. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  private final ToolRunner runner;
  private final PlatformCalls threads;
  private final CoarseTimer timer;
  private final InlineTimes times;
  private final Clock clock;
  private final JsonMapper json;

  InlineCalls(
      ToolRunner runner,
      PlatformCalls threads,
      CoarseTimer timer,
      InlineTimes times,
      Clock clock,
      JsonMapper json) {
    this.runner = runner;
    this.threads = threads;
    this.timer = timer;
    this.times = times;
    this.clock = clock;
    this.json = json;
  }

  Inlined run(
      Submission submission, Tool tool, Duration timeout, CallIntake.InlineListener listener) {
    AtomicReference<@Nullable Inlined> end = new AtomicReference<>();
    try {
      threads.run(MAX_WAIT, () -> end.set(runHere(submission, tool, timeout, listener)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Inlined inlined = end.get();
    if (inlined == null) {
      throw new IntakeException(
          new Refusal.Unavailable(
              "All threads for inline calls are busy"
                  + " (longhaul.intake.inline-threads); try again."));
    }
    return inlined;
  }

  private Inlined runHere(
      Submission submission, Tool tool, Duration timeout, CallIntake.InlineListener listener) {
    RequestContext request = RequestContext.current();
    AttemptContext call =
        new AttemptContext(
                JobId.create(clock.millis(), 0).value(),
                1,
                submission.caller().owner(),
                clock.instant().plus(timeout),
                clock,
                json,
                new Sink(listener, tool.policy().retry().repeatable()))
            .by(submission.client().traced(request.trace()))
            // An inline call is not stored, so jobs that its tool submits have no parent.
            .in(request, request);
    InterruptOnce interrupt = new InterruptOnce(Thread.currentThread());
    var end = timer.after(timeout, () -> stop(call, Stop.TIMED_OUT, interrupt));
    var disconnectCheck =
        timer.every(
            DISCONNECT_CHECK,
            () -> {
              if (listener.cancelled()) {
                stop(call, Stop.CANCELLED, interrupt);
              }
            });
    Attempt attempt;
    long begun = System.nanoTime();
    try {
      attempt = runner.run(tool, submission.params(), call);
    } finally {
      end.cancel();
      disconnectCheck.cancel();
      interrupt.over();
    }
    if (!tool.policy().internal()) {
      times.ran(tool, attempt, Duration.ofNanos(System.nanoTime() - begun));
    }
    Partial partial = call.partial().orElse(null);
    return switch (attempt) {
      case Attempt.NeedsInput asks -> new Inlined.Asks(asks.questions());
      default -> new Inlined.Ended(outcome(attempt, call, partial, timeout));
    };
  }

  private static Outcome outcome(
      Attempt attempt, AttemptContext call, @Nullable Partial partial, Duration timeout) {
    return switch (attempt) {
      case Attempt.NeedsInput _ -> throw new IllegalStateException("not an end");
      case Attempt.Ended ended -> ended.outcome();
      case Attempt.Failed failed -> new Outcome.GivenUp(failed.error(), partial);
      case Attempt.Stopped _ ->
          call.stopped().filter(Stop.CANCELLED::equals).isPresent()
              ? new Outcome.Cancelled(partial)
              : new Outcome.Failed(JobError.timeout(timeout.toMillis()), partial);
    };
  }

  @Override
  public void close() {
    timer.close();
    threads.close();
  }

  private static void stop(AttemptContext call, Stop reason, InterruptOnce interrupt) {
    if (call.stop(reason)) {
      interrupt.interrupt();
    }
  }

  /** Interrupts the tool's thread while the tool runs, and never after that. */
  private static final class InterruptOnce {
    private final Thread thread;
    private boolean over;

    InterruptOnce(Thread thread) {
      this.thread = thread;
    }

    synchronized void interrupt() {
      if (!over) {
        thread.interrupt();
      }
    }

    synchronized void over() {
      over = true;
      Thread.interrupted();
    }
  }

  private record Sink(CallIntake.InlineListener listener, boolean repeatable)
      implements AttemptContext.Sink {
    @Override
    public void progress(Progress progress) {
      listener.progress(
          progress.fraction() == null ? 0 : progress.fraction(),
          progress.fraction() == null ? null : 1.0,
          progress.message());
    }

    @Override
    public void log(JobLog log) {
      listener.log(log);
    }

    @Override
    public Optional<List<JsonNode>> ask(List<Question> questions) {
      return listener.ask(questions, repeatable);
    }

    @Override
    public void closeStream() {
      listener.closeStream();
    }
  }
}
