package dev.longhaul.intake.cache;

import static dev.longhaul.intake.QueueAnswers.translated;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.CallCache;
import dev.longhaul.intake.CallIntake.InlineListener;
import dev.longhaul.intake.Inlined;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import dev.longhaul.intake.Submission;
import dev.longhaul.intake.cache.CacheStatistics.Event;
import dev.longhaul.intake.cache.CacheableCalls.CacheableCall;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.CacheStore.Begin;
import dev.longhaul.queue.CacheStore.CachedResult;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a call the result that is cached, or the run of an equal call: one job over all processes,
 * one inline run in each.
 */
final class CachingCalls implements CallCache {
  private static final Logger log = LoggerFactory.getLogger(CachingCalls.class);
  private static final String READ = "resources/read";

  /** How often a run that ended without a result is replaced before a call gets its own job. */
  private static final int TRIES = 3;

  private final CacheableCalls cacheable;
  private final CachedResults results;
  private final SingleFlight flights;
  private final JobQueue queue;
  private final Clock clock;

  CachingCalls(
      CacheableCalls cacheable,
      CachedResults results,
      SingleFlight flights,
      JobQueue queue,
      Clock clock) {
    this.cacheable = cacheable;
    this.results = results;
    this.flights = flights;
    this.queue = queue;
    this.clock = clock;
  }

  @Override
  public Optional<Outcome> cached(Submission submission) {
    return submission.options().noCache()
        ? Optional.empty()
        : cacheable.tool(submission).flatMap(results::find);
  }

  @Override
  public Inlined run(
      Submission submission, InlineListener listener, Function<InlineListener, Inlined> run) {
    return cacheable
        .tool(submission)
        .map(call -> flights.run(call, submission.options().noCache(), listener, run))
        .orElseGet(() -> run.apply(listener));
  }

  @Override
  public Inlined read(
      Submission submission,
      Duration timeout,
      InlineListener listener,
      Function<InlineListener, Inlined> run) {
    CacheableCall call =
        submission.method().equals(READ)
            ? cacheable.resource(submission, timeout).orElse(null)
            : null;
    if (call == null) {
      return run.apply(listener);
    }
    return results
        .find(call)
        .<Inlined>map(Inlined.Ended::new)
        .orElseGet(() -> flights.run(call, false, listener, run));
  }

  /**
   * A running job of a cacheable call is found by {@link #submit}, and no longer once its result
   * was invalidated. Only a job that has asked its client is not found there.
   */
  @Override
  public boolean joinable(Submission submission, Job job) {
    return job.questions() > 0 || cacheable.tool(submission).isEmpty();
  }

  @Override
  public Job submit(Submission submission, Function<Submission, Job> store) {
    CacheableCall call = cacheable.tool(submission).orElse(null);
    if (call == null) {
      return store.apply(submission);
    }
    boolean anew = submission.options().noCache();
    for (int tries = 0; tries < TRIES; tries++) {
      switch (results.begin(call, anew)) {
        case Begin.Hit(CachedResult cached) -> {
          Optional<Job> job = translated(() -> known(submission, cached.job()));
          if (job.isPresent()) {
            results.count(call, Event.REDIS_HIT);
            return job.get();
          }
          anew = true; // this caller has no job with that result
        }
        case Begin.Running(CacheRun run, boolean leads) -> {
          Job job = job(submission, store, run, leads);
          if (leads || isShareable(job, run)) {
            results.count(call, leads ? Event.MISS : Event.SHARED);
            return job;
          }
          if (job.state().terminal()) {
            results.end(run, null, null);
          } else {
            tries = TRIES; // it asks the client of another call
          }
        }
        case Begin.Uncached _ -> tries = TRIES;
      }
    }
    results.count(call, Event.MISS);
    return store.apply(submission);
  }

  /**
   * The job that is this run. The run's token is its idempotency key, so the queue makes one job of
   * all calls that share the run. No caller can choose the same key, because the token is secret.
   */
  private Job job(
      Submission submission, Function<Submission, Job> store, CacheRun run, boolean leads) {
    Submission keyed =
        submission
            .with(submission.options().keyed("longhaul-cache:" + run.token()))
            .with(submission.headers().running(run));
    try {
      Job job = store.apply(keyed);
      // Calls in other processes may wait for it, so it goes on when the client of this one leaves.
      return translated(() -> queue.detach(job.id(), null))
          .orElseThrow(() -> new IntakeException(new Refusal.UnknownJob(job.id().value())));
    } catch (RuntimeException | Error e) {
      if (leads) {
        results.end(run, null, null);
      }
      throw e;
    }
  }

  /**
   * Whether a job that another call began may be this call's. One that has ended is found only if
   * its result was not cached, perhaps because its worker died, so how old it is counts here.
   */
  private boolean isShareable(Job job, CacheRun run) {
    Instant end = job.times().finishedAt();
    return job.questions() == 0
        && (end == null
            || (clock.instant().isBefore(end.plus(run.life()))
                && translated(() -> hasResult(job))));
  }

  /** The job that made a cached result, if it is this caller's and its result still exists. */
  private Optional<Job> known(Submission submission, @Nullable JobId id) {
    return Optional.ofNullable(id)
        .flatMap(queue::find)
        .filter(job -> job.owner().equals(submission.caller().owner()))
        .filter(this::hasResult);
  }

  private boolean hasResult(Job job) {
    return queue.outcome(job.id()).orElse(null) instanceof Outcome.Answered answered
        && !answered.isError();
  }

  @Override
  public void ended(JobId id, JobHeaders headers, Outcome outcome) {
    CacheRun run = headers.run();
    if (run != null) {
      var _ =
          Threads.virtual(
              "cache-" + id, () -> results.end(run, askedNothing(id) ? outcome : null, id));
    }
  }

  private boolean askedNothing(JobId id) {
    try {
      return queue.find(id).filter(job -> job.questions() == 0).isPresent();
    } catch (QueueUnavailableException e) {
      log.debug("The result of job {} is not cached", id, e);
      return false;
    }
  }
}
