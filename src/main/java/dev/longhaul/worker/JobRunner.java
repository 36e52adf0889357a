package dev.longhaul.worker;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.RunningCall;
import dev.longhaul.catalog.RunningCall.Stop;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.TemplateException;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolRunner;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.job.RequestContext;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.tool.Client;
import dev.longhaul.worker.Breakers.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs claimed jobs on the threads of their pools. */
final class JobRunner {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  // A tool that was interrupted may still say what it has; after that its outcome is recorded.
  private static final long STOP_GRACE_MILLIS = 2_000;
  private static final long START_AGAIN_NANOS = 200_000_000;

  private final WorkQueue queue;
  private final ToolRunner tools;
  private final StepArguments steps;
  private final RunningJobs running;
  private final StuckTools stuckTools;
  private final AttemptPolicy policy;
  private final Breakers breakers;
  private final ComputingTools computing;
  private final AskingJobs asking;
  private final List<JobListener> listeners;
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
      List<JobListener> listeners,
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
    this.listeners = List.copyOf(listeners);
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
   * @param started answers with the jobs that are really this worker's
   * @param report takes the completion; called at most once
   * @param slot given up when the job has ended, and while it waits for its client
   */
  void launch(
      Executor threads,
      Claim claim,
      Tool tool,
      CompletableFuture<Set<JobId>> started,
      Consumer<Report> report,
      Slot slot) {
    JobVoice voice = new JobVoice(queue, claim, timer);
    RunningCall call =
        new RunningCall(
            claim.id().value(),
            claim.attempt(),
            claim.owner(),
            clock.instant().plus(claim.timeout()),
            clock,
            json,
            voice);
    RunningJob job = new RunningJob(claim, tool, call, slot);
    JobQuestions questions =
        new JobQuestions(queue, job, timeLimits, slot, asking, inputTtl, questionJson);
    job.asks(questions);
    voice.asks(call, questions);
    running.add(job);
    try {
      threads.execute(() -> {
        MDC.put("job", claim.id().value());
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        thread.setName(name + " job " + claim.id());
        try {
          if (job.begin()) {
            run(job, voice, started, report);
          } else {
            log.info("Job {} was given back before its thread came", claim.id());
          }
        } catch (RuntimeException | Error e) {
          log.error(
              "Job {} could not be run; its lease will expire and it will be taken over",
              claim.id(),
              e);
        } finally {
          MDC.remove("job");
          thread.setName(name);
          running.remove(job);
          stuckTools.ended(job);
          slot.release();
        }
      });
    } catch (RuntimeException | Error e) {
      running.remove(job); // else its lease would be renewed for ever
      throw e;
    }
  }

  private void run(
      RunningJob job,
      JobVoice voice,
      CompletableFuture<Set<JobId>> started,
      Consumer<Report> report) {
    Claim claim = job.claim();
    // A claim is an offer: a tool that may not be repeated waits until the job is surely ours. For
    // the others the answer is only looked at when it comes, to save them a round trip.
    if (!claim.retry().repeatable()) {
      if (!isOurs(job, started)) {
        log.info("Job {} was cancelled or taken over before it started here", claim.id());
        return;
      }
    } else {
      var _ =
          started.whenComplete((ours, failure) -> {
            if (failure == null && !ours.contains(claim.id())) {
              job.stop(Stop.LOST);
            }
          });
    }
    if (policy.expired(claim)) {
      report(job, policy.afterExpiry(claim), Duration.ZERO, Verdict.NOTHING, report);
      return;
    }
    breakers.starting(claim, job.tool());
    listeners.forEach(listener -> heard(() -> listener.started(claim)));
    long from = clock.millis();
    timeLimits.begin(job, from, () -> timeOut(job, from, report));
    Attempt attempt;
    job.enter();
    try (var _ = computing.begin(job.tool())) {
      ObjectNode params = (ObjectNode) json.readTree(claim.params());
      JobHeaders headers = JobHeaders.read(claim.headers());
      Client client = headers.client();
      RequestContext request = headers.request();
      job.call().by(client).in(request, request.within(claim.id().value(), client.trace()));
      attempt = attempt(job, params, headers);
    } finally {
      timeLimits.end(job);
      job.leave();
    }
    Duration ran = Duration.ofMillis(clock.millis() - from);
    if (job.call().stopped().isEmpty()) {
      voice.finish();
    }
    settle(job, attempt, ran, report);
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
        log.warn("The results that job {} needs are read again ({})", job.id(), e.getMessage());
        LockSupport.parkNanos(START_AGAIN_NANOS);
      }
    }
    Claim claim = job.claim();
    return tools.run(
        job.tool(),
        claim.tool() == null ? ServedMethods.call(claim.method(), params) : params,
        job.call());
  }

  // A start whose answer was lost may have been made. Given up, the job would end with its outcome
  // unknown although it never ran; asked again under the same token, Redis says what became of it.
  private boolean isOurs(RunningJob job, CompletableFuture<Set<JobId>> started) {
    CompletableFuture<Set<JobId>> answer = started;
    while (true) {
      try {
        return answer.join().contains(job.id());
      } catch (CompletionException | CancellationException e) {
        if (job.call().stopped().isPresent()) {
          return false; // a renewal has learnt that it is lost or cancelled
        }
        log.warn("Whether job {} has started here is asked again ({})", job.id(), e.getMessage());
        LockSupport.parkNanos(START_AGAIN_NANOS);
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

  private void settle(RunningJob job, Attempt attempt, Duration ran, Consumer<Report> report) {
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
              "Job {} is no longer this worker's; what its tool returned is dropped", claim.id());
          listeners.forEach(listener -> heard(() -> listener.lost(claim.id())));
        }
      }
      case TIMED_OUT ->
          report(job, policy.afterTimeout(claim, partial), ran, Verdict.FAILS, report);
      case null -> report(job, decide(claim, attempt, partial), ran, verdict(attempt), report);
    }
  }

  private Completion decide(Claim claim, Attempt attempt, @Nullable Partial partial) {
    return switch (attempt) {
      case Attempt.Ended ended -> policy.afterEnd(claim, ended);
      case Attempt.Failed failed -> policy.afterFailure(claim, failed, partial);
      case Attempt.NeedsInput ignored ->
          throw new IllegalStateException("a worker's tool waits for its answers");
      // The tool noticed the end of its time before our timer did.
      case Attempt.Stopped ignored -> policy.afterTimeout(claim, partial);
    };
  }

  // A tool that says that it will never take these arguments says nothing about the next job's.
  private static Verdict verdict(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Ended(Outcome.Answered ignored) -> Verdict.WORKS;
      case Attempt.Ended ignored -> Verdict.NOTHING;
      case Attempt.Failed failed -> failed.retryable() ? Verdict.FAILS : Verdict.NOTHING;
      case Attempt.NeedsInput ignored -> Verdict.NOTHING;
      case Attempt.Stopped ignored -> Verdict.FAILS;
    };
  }

  private void timeOut(RunningJob job, long from, Consumer<Report> report) {
    if (job.stop(Stop.TIMED_OUT)) {
      // Another attempt while this one still runs would be two at once: only when the tool has
      // returned is it decided whether there is one, and if it never does there is none.
      job.onGiveUp(() -> {
        Partial partial = job.call().partial().orElse(null);
        end(job, policy.afterStuck(job.claim(), partial), from, report);
      });
      var _ =
          timer.schedule(
              () -> timedOut(job, from, report), STOP_GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void timedOut(RunningJob job, long from, Consumer<Report> report) {
    if (!running.has(job)) {
      return; // it has stopped
    }
    Partial partial = job.call().partial().orElse(null);
    Completion completion = policy.afterTimeout(job.claim(), partial);
    if (completion instanceof Completion.Retry) {
      log.warn(
          "Tool {} of job {} has not yet heeded its interrupt; another attempt follows only if it"
              + " returns",
          job.tool().name(),
          job.id());
    } else if (end(job, completion, from, report)) {
      log.warn(
          "Tool {} of job {} ignores its interrupt; the job has timed out, but its slot stays taken"
              + " until the tool returns",
          job.tool().name(),
          job.id());
    }
  }

  private boolean end(RunningJob job, Completion completion, long from, Consumer<Report> report) {
    if (!job.report()) {
      return false;
    }
    Duration ran = Duration.ofMillis(clock.millis() - from);
    // Not awaited: this is the thread of every time-out.
    var _ =
        breakers
            .ended(job.claim(), job.tool(), Verdict.FAILS)
            .thenRun(() -> report.accept(new Report(job.claim(), completion, ran)));
    return true;
  }

  private void report(
      RunningJob job,
      Completion completion,
      Duration ran,
      Verdict verdict,
      Consumer<Report> report) {
    if (job.report()) {
      breakers.ended(job.claim(), job.tool(), verdict).join();
      report.accept(new Report(job.claim(), completion, ran));
    }
  }

  static void heard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.warn("A JobListener failed; the job is not affected", e);
    }
  }
}
