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
 * Cached results of calls, and single flight: of equal calls at the same time one runs, as one job
 * over all processes or as one inline run in each. A call of a tool that is not declared cacheable
 * passes unchanged and costs nothing.
 */
public interface CallCache {

  /** The cached result of this call, marked as such. */
  Optional<Outcome> cached(Submission submission);

  /**
   * The job of this call: the one whose result is cached, that of an equal call, or a new one.
   *
   * @param store stores a job for this call alone
   */
  Job submit(Submission submission, Function<Submission, Job> store);

  /** Runs an inline call, or shares the run of an equal one. */
  Inlined run(
      Submission submission, InlineListener listener, Function<InlineListener, Inlined> run);

  /** Reads a resource, unless what it reads is cached. */
  Inlined read(
      Submission submission,
      Duration timeout,
      InlineListener listener,
      Function<InlineListener, Inlined> run);

  /** Whether a repetition of the call may go on with the job of the call before it. */
  boolean joinable(Submission submission, Job job);

  /** A job has ended with this outcome, and the queue has accepted that. Returns at once. */
  void ended(JobId id, JobHeaders headers, Outcome outcome);
}
