package dev.longhaul.worker;

import dev.longhaul.catalog.Attempt;
import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.Completion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a job after an attempt. */
final class AttemptPolicy {
  private final Clock clock;
  private final double jitter;
  private final DoubleSupplier random;

  AttemptPolicy(Clock clock, double jitter) {
    this(clock, jitter, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * @param jitter the largest change of a backoff in either direction, as a fraction of it; 0 for
   *     none
   * @param random supplies numbers from 0 (inclusive) to 1 (exclusive)
   */
  AttemptPolicy(Clock clock, double jitter, DoubleSupplier random) {
    this.clock = clock;
    this.jitter = jitter;
    this.random = random;
  }

  Completion afterEnd(Claim claim, Attempt.Ended ended) {
    return new Completion.Finished(claim.id(), claim.token(), ended.outcome());
  }

  Completion afterFailure(Claim claim, Attempt.Failed failed, @Nullable Partial partial) {
    Duration wait =
        failed.after() == null
            ? backoff(claim)
            // Jitter only lengthens a delay that the tool has asked for.
            : failed.after().plus(part(failed.after(), jitter * random.getAsDouble()));
    if (failed.retryable() && mayRetry(claim, wait)) {
      return retry(claim, failed.error(), wait);
    }
    // Only retryable failures become dead letters: a replay of a permanent one would fail again.
    Outcome outcome =
        failed.retryable()
            ? new Outcome.GivenUp(failed.error(), partial)
            : new Outcome.Failed(failed.error(), partial);
    return new Completion.Finished(claim.id(), claim.token(), outcome);
  }

  /**
   * For an attempt that ran for too long.
   *
   * @param last whether the tool said that no other attempt may follow
   */
  Completion afterTimeout(Claim claim, boolean last, @Nullable Partial partial) {
    JobError error = JobError.timeout(claim.timeout().toMillis());
    Duration wait = backoff(claim);
    if (claim.retry().repeatable() && !last && mayRetry(claim, wait)) {
      return retry(claim, error, wait);
    }
    return new Completion.Finished(claim.id(), claim.token(), new Outcome.Failed(error, partial));
  }

  /**
   * For a job that timed out and whose tool does not stop: no retry, since that would not stop
   * either.
   */
  Completion afterStuck(Claim claim, @Nullable Partial partial) {
    JobError error = JobError.timeout(claim.timeout().toMillis());
    return new Completion.Finished(claim.id(), claim.token(), new Outcome.Failed(error, partial));
  }

  /** For a job whose tool is still running at the end of the drain. */
  Completion afterDrain(Claim claim, @Nullable Partial partial) {
    if (claim.retry().repeatable()) {
      return new Completion.GivenBack(claim.id(), claim.token(), Duration.ZERO);
    }
    return new Completion.Finished(
        claim.id(), claim.token(), new Outcome.GivenUp(JobError.outcomeUnknown(), partial));
  }

  /** Whether the time for further attempts is over; the first attempt may always start. */
  boolean expired(Claim claim) {
    return claim.attempt() > 1 && clock.instant().isAfter(claim.retryUntil());
  }

  Completion afterExpiry(Claim claim) {
    JobError error =
        new JobError(
            JobError.DEADLINE_EXCEEDED,
            "deadline",
            "The time in which another attempt could start is over.",
            "Call the tool again.");
    return new Completion.Finished(claim.id(), claim.token(), new Outcome.GivenUp(error, null));
  }

  private boolean mayRetry(Claim claim, Duration wait) {
    Instant next = clock.instant().plus(wait);
    return claim.attempt() < claim.retry().maxAttempts() && next.isBefore(claim.retryUntil());
  }

  private static Completion retry(Claim claim, JobError error, Duration after) {
    return new Completion.Retry(claim.id(), claim.token(), after, error);
  }

  // Jitter spreads the retries of jobs that failed together. A backoff that the caller has set is
  // used without it.
  private Duration backoff(Claim claim) {
    Duration wait = claim.retry().waitAfter(claim.attempt());
    if (claim.retry().exact()) {
      return wait;
    }
    return wait.plus(part(wait, jitter * (2 * random.getAsDouble() - 1)));
  }

  private static Duration part(Duration whole, double share) {
    return Duration.ofMillis((long) (whole.toMillis() * share));
  }
}
