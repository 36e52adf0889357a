package dev.longhaul.intake;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.intake.CallIntake.InlineListener;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Caches results of calls and provides single flight: of equal concurrent calls only one runs, as
 * one job across all processes or as one inline run per process. A call of a tool that is not
 * declared cacheable passes through unchanged, without a lookup.
 */
public interface CallCache {

  /** The cached result of this call, marked as such. */
  Optional<Outcome> cached(Submission submission);

  /**
   * The job of this call: the one whose result is cached, that of an equal call, or a new one.
   *
   * @param store stores a new job for this call
   */
  Job submit(Submission submission, Function<Submission, Job> store);

  /** Runs an inline call, or shares the run of an equal one. */
  Inlined run(
      Submission submission, InlineListener listener, Function<InlineListener, Inlined> run);

  /** Reads a resource, or returns it from the cache. */
  Inlined read(
      Submission submission,
      Duration timeout,
      InlineListener listener,
      Function<InlineListener, Inlined> run);

  /** Whether results of this call may be cached, so that {@link #submit} may find a job. */
  boolean caches(Submission submission);

  /** Whether a repeated call may join the job of the earlier one. */
  boolean joinable(Submission submission, Job job);

  /** Called when a job has ended and the queue has accepted its outcome. Returns immediately. */
  void ended(JobId id, JobHeaders headers, Outcome outcome);
}
