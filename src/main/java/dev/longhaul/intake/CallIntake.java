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
 * Submits calls as jobs, or runs them inline. All methods throw {@link IntakeException} and nothing
 * else for what a caller or an outage can cause.
 */
public interface CallIntake {
  /**
   * Validates a call and stores it as a job, whatever the tool's execution policy says. If the same
   * caller has submitted the same call under the same idempotency key before, that job is meant and
   * nothing is stored.
   *
   * @return the stored job; its id may be given out from now on
   * @throws IntakeException {@link Refusal.IdempotencyConflict} if the key names a call with other
   *     arguments
   */
  Job submit(Submission submission);

  /** How calls of this tool run by policy; throws if the tool is unknown. */
  ToolPolicy policy(Submission submission);

  /**
   * Where this very call runs: by the policy of its tool, and where that is {@code AUTO} as it is
   * decided now. Never asks the queue.
   *
   * @return {@code INLINE} or {@code QUEUED}
   */
  Execution execution(Submission submission);

  /**
   * Keeps the result of a call that ran inline as a job of its caller that has ended, so that it
   * can be read in pages.
   *
   * @return the job's id; empty if it could not be stored
   */
  Optional<JobId> keep(Submission submission, Outcome.Answered outcome);

  /**
   * The cached result of the same call for this caller, marked as such; empty if there is none, or
   * if the tool is not declared cacheable. Asking costs nothing where it is not.
   */
  default Optional<Outcome> cached(Submission submission) {
    return Optional.empty();
  }

  /**
   * Validates a call and runs it here and now. One that asks for what only a stored job can have (a
   * delay, an idempotency key) is refused.
   *
   * @param progress hears what the tool reports, in the tool's own numbers
   */
  Inlined runInline(Submission submission, InlineListener progress);

  /**
   * Runs a resources/read, prompts/get or completion/complete here and now; nothing is stored.
   *
   * @param submission whose params are checked already
   * @param handler what answers it
   * @param timeout how long it may run
   * @param listener hears what the handler reports
   */
  Inlined runInline(
      Submission submission, PrimitiveHandler handler, Duration timeout, InlineListener listener);

  /** Hears what a tool that runs inline reports; the methods of {@link CallContext}. */
  interface InlineListener {
    void progress(double progress, @Nullable Double total, @Nullable String message);

    void log(JobLog log);

    /**
     * Asks the client.
     *
     * @param questions all with keys
     * @param repeatable whether the tool may run twice
     * @return the answers in order; empty if the call is to end with the questions and to be
     *     repeated with the answers
     */
    default Optional<List<JsonNode>> ask(List<Question> questions, boolean repeatable) {
      return Optional.empty();
    }

    /** The client's connection may be let go while the tool runs on. */
    default void closeStream() {}

    /** Whether the client of the call is gone. */
    boolean cancelled();
  }
}
