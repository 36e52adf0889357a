package dev.longhaul.worker;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.AttemptContext;
import dev.longhaul.catalog.AttemptContext.Stop;
import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.JobRun;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.TemplateException;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.RequestContext;
import dev.longhaul.job.TraceContext;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.thread.Listeners;
import dev.longhaul.tool.Client;
import dev.longhaul.worker.Breakers.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs claimed jobs on the threads of their pools. */
final class JobRunner {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  // How long an interrupted tool may still report a partial result before its outcome is recorded.
  private static final long STOP_GRACE_MILLIS = 2_000;
  private static final String TRACE_ID = "trace.id";
  private static final long RETRY_NANOS = 200_000_000;

  private final WorkQueue queue;
  private final ToolRunner tools;
  private final StepArguments steps;
  private final RunningJobs running;
  private final StuckTools stuckTools;
  private final AttemptPolicy policy;
  private final Breakers breakers;
  private final ComputingTools computing;
  private final AskingJobs asking;
  private final Listeners<JobListener> listeners;
  private final ScheduledExecutorService timer;
  private final TimeLimits timeLimits;
  private final Duration inputTtl;
  private final Clock clock;
  private final JsonMapper json;
  private final JsonMapper questionJson;

  JobRunner(
      WorkQueue queue,
      ToolRunner tools,
      StepArguments steps,
      RunningJobs running,
      StuckTools stuckTools,
      AttemptPolicy policy,
      Breakers breakers,
      ComputingTools computing,
      AskingJobs asking,
      Listeners<JobListener> listeners,
      ScheduledExecutorService timer,
      Duration inputTtl,
      Clock clock,
      JsonMapper json) {
    this.queue = queue;
    this.tools = tools;
    this.steps = steps;
    this.running = running;
    this.stuckTools = stuckTools;
    this.policy = policy;
    this.breakers = breakers;
    this.computing = computing;
    this.asking = asking;
    this.listeners = listeners;
    this.timer = timer;
    this.timeLimits = new TimeLimits(timer, clock);
    this.inputTtl = inputTtl;
    this.clock = clock;
    this.json = json;
    this.questionJson = JobQuestions.sorting(json);
  }

  /**
   * Runs a claim in a thread of its pool.
   *
   * @param threads the pool's threads, at least as many as it has slots
   * @param started completes with the jobs whose start the queue has confirmed
   * @param ends receives the completion; called at most once
   * @param slot released when the job has ended, and while it waits for its client
   */
  void launch(
      Executor threads,
      Claim claim,
      Tool tool,
      CompletableFuture<Set<JobId>> started,
      Completions ends,
      Slot slot) {
    ToolOutput output = new ToolOutput(queue, claim, timer);
    AttemptContext call =
        new AttemptContext(
            claim.id().value(),
            claim.attempt(),
            claim.owner(),
            clock.instant().plus(claim.timeout()),
            clock,
            json,
            output);
    RunningJob job = new RunningJob(claim, tool, call, slot);
    JobQuestions questions =
        new JobQuestions(queue, job, timeLimits, slot, asking, inputTtl, questionJson);
    job.asks(questions);
    output.asks(call, questions);
    running.add(job);
    try {
      threads.execute(() -> {
        MDC.put("job", claim.id().value());
        MDC.put("tool", tool.id());
        MDC.put("caller", claim.owner());
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        thread.setName(name + " job " + claim.id());
        try {
          if (job.begin()) {
            run(job, output, started, ends);
          } else {
            log.info("Job {} was given back before its thread began it", claim.id());
          }
        } catch (RuntimeException | Error e) {
          log.error(
              "Job {} could not be run; its lease will expire and another attempt will run it",
              claim.id(),
              e);
        } finally {
          MDC.remove("job");
          MDC.remove("tool");
          MDC.remove("caller");
          MDC.remove(TRACE_ID);
          thread.setName(name);
          running.remove(job);
          stuckTools.ended(job);
          slot.release();
        }
      });
    } catch (RuntimeException | Error e) {
      running.remove(job); // otherwise its lease would be renewed without end
      throw e;
    }
  }

  private void run(
      RunningJob job, ToolOutput output, CompletableFuture<Set<JobId>> started, Completions ends) {
    Claim claim = job.claim();
    // A tool that must not be repeated runs only after the queue has confirmed the start. The claim
    // of another one was its start.
    if (!claim.retry().repeatable() && !isOurs(job, started)) {
      log.info("Job {} was cancelled or taken over before it started here", claim.id());
      return;
    }
    if (policy.expired(claim)) {
      report(job, policy.afterExpiry(claim), Duration.ZERO, Verdict.UNKNOWN, ends);
      return;
    }
    JobHeaders headers = JobHeaders.read(claim.headers());
    String trace = TraceContext.id(headers.client().trace());
    if (trace != null) {
      MDC.put(TRACE_ID, trace);
    }
    tools.attempt(
        new JobRun(job.tool().id(), claim.id().value(), claim.attempt(), headers.client().trace()),
        () -> runTool(job, headers, output, ends));
  }

  private void runTool(RunningJob job, JobHeaders headers, ToolOutput output, Completions ends) {
    Claim claim = job.claim();
    breakers.starting(claim, job.tool());
    listeners.call(listener -> listener.started(claim));
    long from = clock.millis();
    timeLimits.begin(job, from, () -> timeOut(job, from, ends));
    Attempt attempt;
    job.enter();
    try (var _ = computing.begin(job.tool())) {
      ObjectNode params = (ObjectNode) json.readTree(claim.params());
      Client client = headers.client();
      RequestContext request = headers.request();
      job.call().asJob().by(client).in(request, request.within(claim.id().value(), client.trace()));
      attempt = attempt(job, params, headers);
    } finally {
      timeLimits.end(job);
      job.leave();
    }
    Duration ran = Duration.ofMillis(clock.millis() - from);
    if (job.call().stopped().isEmpty()) {
      output.finish();
    }
    finish(job, attempt, ran, ends);
  }

  private Attempt attempt(RunningJob job, ObjectNode params, JobHeaders headers) {
    while (true) {
      try {
        if (headers.templates()) {
          steps.fill(job.tool(), job.claim(), params);
        }
        break;
      } catch (TemplateException e) {
        return new Attempt.Failed(JobError.template(String.valueOf(e.getMessage())), false);
      } catch (QueueUnavailableException e) {
        if (job.call().stopped().isPresent()) {
          return new Attempt.Stopped();
        }
        log.warn(
            "The results that job {} needs could not be read ({}); the read is repeated",
            job.id(),
            e.getMessage());
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
    if (job.call().stopped().isPresent()) {
      return new Attempt.Stopped(); // before it began
    }
    Claim claim = job.claim();
    return tools.run(
        job.tool(),
        claim.tool() == null ? ServedMethods.call(claim.method(), params) : params,
        job.call());
  }

  // If the reply to a start was lost, the start is repeated with the same token, and Redis replies
  // whether the job was started. Giving up would end the job with an unknown outcome although it
  // never ran.
  private boolean isOurs(RunningJob job, CompletableFuture<Set<JobId>> started) {
    CompletableFuture<Set<JobId>> answer = started;
    while (true) {
      try {
        return answer.join().contains(job.id());
      } catch (CompletionException | CancellationException e) {
        if (job.call().stopped().isPresent()) {
          return false; // a renewal has found it lost or cancelled
        }
        log.warn(
            "The start of job {} could not be confirmed ({}); it is sent again",
            job.id(),
            e.getMessage());
        LockSupport.parkNanos(RETRY_NANOS);
        answer = ask(job.claim());
      }
    }
  }

  private CompletableFuture<Set<JobId>> ask(Claim claim) {
    try {
      return queue.start(List.of(claim));
    } catch (QueueUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void finish(RunningJob job, Attempt attempt, Duration ran, Completions ends) {
    Claim claim = job.claim();
    @Nullable Partial partial = job.call().partial().orElse(null);
    Stop stopped = job.call().stopped().orElse(null);
    switch (stopped) {
      case CANCELLED -> {
        if (job.report()) {
          queue.attachPartial(claim.id(), claim.token(), partial).exceptionally(e -> false).join();
        }
      }
      case LOST -> {
        if (job.report()) {
          log.warn(
              "Job {} is no longer leased by this worker; its tool's result is dropped",
              claim.id());
          listeners.call(listener -> listener.lost(claim.id()));
        }
      }
      case TIMED_OUT ->
          report(
              job,
              policy.afterTimeout(claim, job.call().isLast(), partial),
              ran,
              Verdict.FAILS,
              ends);
      case null -> report(job, decide(job, attempt, partial), ran, verdict(attempt), ends);
    }
  }

  private Completion decide(RunningJob job, Attempt attempt, @Nullable Partial partial) {
    Claim claim = job.claim();
    return switch (attempt) {
      case Attempt.Ended ended -> policy.afterEnd(claim, ended);
      case Attempt.Failed failed when !failed.begun() ->
          new Completion.GivenBack(
              claim.id(), claim.token(), Objects.requireNonNullElse(failed.after(), Duration.ZERO));
      case Attempt.Failed failed -> policy.afterFailure(claim, failed, partial);
      case Attempt.NeedsInput ignored ->
          throw new IllegalStateException("in a worker a tool waits for its answers");
      // The tool noticed its time-out before the timer did.
      case Attempt.Stopped ignored -> policy.afterTimeout(claim, job.call().isLast(), partial);
    };
  }

  // A permanent failure says nothing about the tool's next job, which has other arguments.
  private static Verdict verdict(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Ended(Outcome.Answered ignored) -> Verdict.WORKS;
      case Attempt.Ended ignored -> Verdict.UNKNOWN;
      case Attempt.Failed failed ->
          failed.retryable() && failed.begun() ? Verdict.FAILS : Verdict.UNKNOWN;
      case Attempt.NeedsInput ignored -> Verdict.UNKNOWN;
      case Attempt.Stopped ignored -> Verdict.FAILS;
    };
  }

  private void timeOut(RunningJob job, long from, Completions ends) {
    if (job.stop(Stop.TIMED_OUT)) {
      // A retry is decided only when the tool has returned, since otherwise two attempts would run
      // at once. If it never returns there is no retry.
      job.onStuck(() -> {
        Partial partial = job.call().partial().orElse(null);
        end(job, policy.afterStuck(job.claim(), partial), from, ends);
      });
      var _ =
          timer.schedule(() -> timedOut(job, from, ends), STOP_GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void timedOut(RunningJob job, long from, Completions ends) {
    if (!running.has(job)) {
      return; // the tool has returned
    }
    Partial partial = job.call().partial().orElse(null);
    Completion completion = policy.afterTimeout(job.claim(), job.call().isLast(), partial);
    if (completion instanceof Completion.Retry) {
      log.warn(
          "Tool {} of job {} has not yet reacted to its interrupt; the job is retried only if the"
              + " tool returns",
          job.tool().id(),
          job.id());
    } else if (end(job, completion, from, ends)) {
      log.warn(
          "Tool {} of job {} ignores its interrupt; the job has timed out, but its slot stays in use"
              + " until the tool returns",
          job.tool().id(),
          job.id());
    }
  }

  private boolean end(RunningJob job, Completion completion, long from, Completions ends) {
    if (!job.report()) {
      return false;
    }
    Duration ran = Duration.ofMillis(clock.millis() - from);
    // Not awaited, because this thread handles all time-outs.
    var _ =
        breakers
            .ended(job.claim(), job.tool(), Verdict.FAILS)
            .thenRun(() -> ends.report(report(job, completion, ran)));
    return true;
  }

  private static Report report(RunningJob job, Completion completion, Duration ran) {
    return new Report(job.claim(), completion.with(job.call().checkpoints()), ran);
  }

  private void report(
      RunningJob job, Completion completion, Duration ran, Verdict verdict, Completions ends) {
    if (job.report()) {
      breakers.ended(job.claim(), job.tool(), verdict).join();
      ends.reportHere(report(job, completion, ran));
    }
  }
}
