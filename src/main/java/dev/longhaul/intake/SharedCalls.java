package dev.longhaul.intake;

import dev.longhaul.intake.Calls.InlineListener;
import dev.longhaul.job.Job;
import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers that are kept, and runs that equal calls share: one job over all processes, one inline
 * run in each. A call of a tool that is not declared cacheable costs nothing and passes unchanged.
 */
public interface SharedCalls {

  /** The answer that is kept for this call, marked as such. */
  Optional<Outcome> kept(Submission submission);

  /**
   * A job, as without a cache; one that has ended already if its answer will do.
   *
   * @param jobs where the jobs of equal calls are found
   * @param store stores a job of this call's own
   */
  Job submit(Submission submission, Operations jobs, Function<Submission, Job> store);

  /** Runs an inline call, or shares the run of an equal one. */
  Inlined run(
      Submission submission, InlineListener listener, Function<InlineListener, Inlined> run);

  /** Reads a resource, if no answer is kept. */
  Inlined read(
      Submission submission,
      Duration timeout,
      InlineListener listener,
      Function<InlineListener, Inlined> run);

  /** Whether a repetition of the call may go on with the job of the call before it. */
  boolean joinable(Submission submission, Job job);
}
