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
 * Answers a call from the cache or with the run of an equal call, which is one job across all
 * processes or one inline run per process.
 */
final class CachingCalls implements CallCache {
  private static final Logger log = LoggerFactory.getLogger(CachingCalls.class);
  private static final String READ = "resources/read";

  /**
   * How often a run that ended without a result is replaced before the call gets a separate job.
   */
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
   * False for a cacheable call, because {@link #submit} finds its running job unless its result was
   * invalidated. A job that has asked its client is not found there, so it may be joined.
   */
  @Override
  public boolean joinable(Submission submission, Job job) {
    return job.questions() > 0 || !caches(submission);
  }

  @Override
  public boolean caches(Submission submission) {
    return cacheable.tool(submission).isPresent();
  }

  @Override
  public Job submit(Submission submission, Function<Submission, Job> store) {
    CacheableCall call = cacheable.tool(submission).orElse(null);
    if (call == null) {
      return store.apply(submission);
    }
    boolean noCache = submission.options().noCache();
    for (int tries = 0; tries < TRIES; tries++) {
      switch (results.begin(call, noCache)) {
        case Begin.Hit(CachedResult cached) -> {
          Optional<Job> job = translated(() -> known(submission, cached.job()));
          if (job.isPresent()) {
            results.count(call, Event.REDIS_HIT);
            return job.get();
          }
          noCache = true; // the caller owns no job with that result
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
            tries = TRIES; // it asks another call's client
          }
        }
        case Begin.Uncached _ -> tries = TRIES;
      }
    }
    results.count(call, Event.MISS);
    return store.apply(submission);
  }

  /**
   * The job of this run. Its idempotency key is the run's token, so that all calls that share the
   * run get the same job. No caller can use the same key, because the token is secret.
   */
  private Job job(
      Submission submission, Function<Submission, Job> store, CacheRun run, boolean leads) {
    Submission keyed =
        submission
            .with(submission.options().keyed("longhaul-cache:" + run.token()))
            .with(submission.headers().running(run));
    try {
      Job job = store.apply(keyed);
      // Detached, because calls in other processes may wait for the job when this client
      // disconnects.
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
   * Whether this call may use a job that another call began. A job that has ended is only found
   * here if its result was not cached, for example because its worker died, so its age is checked.
   */
  private boolean isShareable(Job job, CacheRun run) {
    Instant end = job.times().finishedAt();
    return job.questions() == 0
        && (end == null
            || (clock.instant().isBefore(end.plus(run.life()))
                && translated(() -> hasResult(job))));
  }

  /** The job that produced a cached result, if this caller owns it and its result still exists. */
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
