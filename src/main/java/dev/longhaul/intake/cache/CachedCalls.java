package dev.longhaul.intake.cache;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.Calls.InlineListener;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Operations;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.SharedCalls;
import dev.longhaul.intake.Submission;
import dev.longhaul.intake.cache.CacheStatistics.Result;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.AnswerStore.Beginning;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call whose answer may be kept gets the one that is, or shares the run of the same call: one job
 * over all processes, one inline run in each.
 */
final class CachedCalls implements SharedCalls {
  private static final String READ = "resources/read";

  /** How often a run that ended without an answer is replaced before a call goes on alone. */
  private static final int TRIES = 3;

  private final CallPlans plans;
  private final AnswerCache cache;
  private final SharedRuns runs;
  private final CacheMarks marks;

  CachedCalls(CallPlans plans, AnswerCache cache, SharedRuns runs, CacheMarks marks) {
    this.plans = plans;
    this.cache = cache;
    this.runs = runs;
    this.marks = marks;
  }

  @Override
  public Optional<Outcome> kept(Submission submission) {
    return submission.options().noCache()
        ? Optional.empty()
        : plans.tool(submission).flatMap(this::kept);
  }

  private Optional<Outcome> kept(CachedCall call) {
    return cache
        .find(call)
        .map(hit -> {
          cache.count(call, hit.level());
          return marks.marked(hit.kept());
        });
  }

  @Override
  public Inlined run(
      Submission submission, InlineListener listener, Function<InlineListener, Inlined> run) {
    return plans
        .tool(submission)
        .map(call -> runs.run(call, submission.options().noCache(), listener, run))
        .orElseGet(() -> run.apply(listener));
  }

  @Override
  public Inlined read(
      Submission submission,
      Duration timeout,
      InlineListener listener,
      Function<InlineListener, Inlined> run) {
    CachedCall call =
        submission.method().equals(READ) ? plans.resource(submission, timeout).orElse(null) : null;
    if (call == null) {
      return run.apply(listener);
    }
    return kept(call)
        .<Inlined>map(Inlined.Ended::new)
        .orElseGet(() -> runs.run(call, false, listener, run));
  }

  @Override
  public Job submit(Submission submission, Operations jobs, Function<Submission, Job> store) {
    CachedCall call = plans.tool(submission).orElse(null);
    return call == null ? store.apply(submission) : new Jobs(jobs, store).of(submission, call);
  }

  /**
   * A run of a cacheable call that goes on is joined by its mark, which is gone when its answer was
   * forgotten; only one that has asked something has none.
   */
  @Override
  public boolean joinable(Submission submission, Job job) {
    return plans.tool(submission).isEmpty() || job.questions() > 0;
  }

  private static boolean isAnswer(Outcome outcome) {
    return outcome instanceof Outcome.Answered answered && !answered.isError();
  }

  /** The jobs that equal calls share. */
  private final class Jobs {
    private final Operations jobs;
    private final Function<Submission, Job> store;

    Jobs(Operations jobs, Function<Submission, Job> store) {
      this.jobs = jobs;
      this.store = store;
    }

    Job of(Submission submission, CachedCall call) {
      boolean anew = submission.options().noCache();
      for (int tries = 0; tries < TRIES; tries++) {
        switch (cache.begin(call, anew)) {
          case Beginning.Known _ -> {
            Optional<Job> answered = answered(submission, call);
            if (answered.isPresent()) {
              return answered.get();
            }
            anew = true; // kept, but no job of this caller's that it could be shown as
          }
          case Beginning.Running(String token, boolean own) -> {
            Optional<Job> job =
                own ? own(submission, call, token) : joined(submission, call, token);
            if (job.isPresent()) {
              cache.count(call, own ? Result.MISS : Result.SHARED);
              return job.get();
            }
          }
          case Beginning.Crowded _ -> tries = TRIES;
        }
      }
      cache.count(call, Result.MISS);
      return store.apply(submission);
    }

    /** The caller's job whose answer is kept, if it and its result are still known. */
    private Optional<Job> answered(Submission submission, CachedCall call) {
      return cache
          .find(call)
          .flatMap(hit -> {
            Optional<Job> job = known(submission, hit.kept().job());
            if (job.isPresent()) {
              cache.count(call, hit.level());
            }
            return job;
          });
    }

    private Optional<Job> known(Submission submission, @Nullable JobId id) {
      if (id == null) {
        return Optional.empty();
      }
      try {
        Job job = jobs.job(submission.caller(), id);
        return hasAnswer(submission, job) ? Optional.of(job) : Optional.empty();
      } catch (IntakeException e) {
        e.unless(Refusal.UnknownJob.class);
        return Optional.empty();
      }
    }

    private Optional<Job> own(Submission submission, CachedCall call, String token) {
      try {
        return Optional.of(run(submission, call, token));
      } catch (RuntimeException | Error e) {
        cache.end(call, token);
        throw e;
      }
    }

    /** The job of a run that goes on; empty if it has ended without an answer. */
    private Optional<Job> joined(Submission submission, CachedCall call, String token) {
      Job job = run(submission, call, token);
      if (!job.state().terminal()) {
        // Whoever is asked has to be this call's client.
        return job.questions() == 0 ? Optional.of(job) : Optional.of(store.apply(submission));
      }
      if (hasAnswer(submission, job)) {
        return Optional.of(job);
      }
      cache.end(call, token);
      return Optional.empty();
    }

    private boolean hasAnswer(Submission submission, Job job) {
      try {
        return isAnswer(jobs.outcome(submission.caller(), job));
      } catch (IntakeException e) {
        e.unless(Refusal.UnknownJob.class, Refusal.ResultExpired.class, Refusal.NotFinished.class);
        return false;
      }
    }

    // The token is a secret of the run's, so no key that a caller chooses can be the same. Others,
    // in
    // other processes too, may wait for the job: nobody's leaving may cancel it.
    private Job run(Submission submission, CachedCall call, String token) {
      Submission named =
          submission.with(
              submission
                  .headers()
                  .running(new JobHeaders.Run(call.run(), call.place().variant(), token)));
      JobOptions asked = submission.options();
      Job job = store.apply(named.with(asked.keyed("longhaul-cache:" + token)));
      return jobs.handOver(submission.caller(), job.id(), null);
    }
  }
}
