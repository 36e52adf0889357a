package dev.longhaul.intake;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.Outcome;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Submits calls as jobs, or runs them inline. All methods throw {@link IntakeException}, and
 * nothing else, for errors of the caller and for outages.
 */
public interface CallIntake {
  /**
   * Validates a call and stores it as a job, whatever the tool's execution policy says. If the same
   * caller has submitted the same call with the same idempotency key before, the existing job is
   * returned and nothing is stored.
   *
   * @return the stored job, whose id may be sent to clients
   * @throws IntakeException {@link Refusal.IdempotencyConflict} if the key was used for a call with
   *     other arguments
   */
  default Job submit(Submission submission) {
    return submit(submission, false);
  }

  /**
   * The same.
   *
   * @param awaited whether the caller follows the job next, which then costs nothing more
   */
  Job submit(Submission submission, boolean awaited);

  /**
   * The same for a call that waits for its job, unless it may share one: that of an equal call
   * which is held or was lately ({@link dev.longhaul.queue.HeldCalls}), or one that the cache
   * knows.
   *
   * @return empty if it may share one: then nothing is stored
   */
  Optional<Job> submitUnlessHeld(Submission submission);

  /**
   * The policy of the tool.
   *
   * @throws IntakeException {@link Refusal.UnknownTool} if there is no such tool
   */
  ToolPolicy policy(Submission submission);

  /**
   * Where this call runs: as its tool's policy says, or for {@code AUTO} as decided now. Never
   * reads the queue.
   *
   * @return {@code INLINE} or {@code QUEUED}
   */
  Execution execution(Submission submission);

  /**
   * Stores the result of an inline call as a completed job of its caller, so that it can be read in
   * pages.
   *
   * @return the job's id; empty if it could not be stored
   */
  Optional<JobId> keep(Submission submission, Outcome.Answered outcome);

  /**
   * The cached result of the same call for this caller, marked as such; empty if there is none, or
   * without a lookup if the tool is not declared cacheable.
   */
  default Optional<Outcome> cached(Submission submission) {
    return Optional.empty();
  }

  /**
   * Validates a call and runs it in the calling request. A call with an option that needs a stored
   * job (a delay, an idempotency key) is refused.
   *
   * @param progress receives what the tool reports, with its numbers unchanged
   */
  Inlined runInline(Submission submission, InlineListener progress);

  /**
   * Runs a resources/read, prompts/get or completion/complete in the calling request; nothing is
   * stored.
   *
   * @param submission the request, whose params are already checked
   * @param handler produces the result
   * @param timeout how long it may run
   * @param listener receives what the handler reports
   */
  Inlined runInline(
      Submission submission, PrimitiveHandler handler, Duration timeout, InlineListener listener);

  /**
   * Receives what a tool that runs inline reports; its methods correspond to those of {@link
   * CallContext}.
   */
  interface InlineListener {
    void progress(double progress, @Nullable Double total, @Nullable String message);

    void log(JobLog log);

    /**
     * Asks the client.
     *
     * @param questions the questions, each with a key
     * @param repeatable whether the tool may run twice
     * @return the answers in order; empty if the call must end with the questions and be repeated
     *     with the answers
     */
    default Optional<List<JsonNode>> ask(List<Question> questions, boolean repeatable) {
      return Optional.empty();
    }

    /** Allows the client's connection to be closed while the tool continues. */
    default void closeStream() {}

    /** Whether the client of the call has disconnected. */
    boolean cancelled();
  }
}
