package dev.longhaul.intake;

import dev.longhaul.catalog.CallContext;
import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What every front door does with jobs. All methods throw {@link IntakeException} and nothing else
 * for what a caller or an outage can cause. A job of another owner is unknown.
 */
public interface Intake {

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
   * The answer to the same call that is kept for this caller, marked as such; empty if none is, or
   * if the tool is not declared cacheable. Asking costs nothing where it is not.
   */
  default Optional<Outcome> kept(Submission submission) {
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

  /** The job as it is now. */
  Job job(Caller caller, JobId id);

  /**
   * Waits until the job has ended or the wait is over, whichever is first.
   *
   * @return the job as it is then
   */
  Job await(Caller caller, JobId id, Duration wait) throws InterruptedException;

  /**
   * Calls the listener with the job now, at every change seen, and at its end, from one thread at a
   * time; never after a terminal state. Intermediate states may be skipped.
   *
   * @throws IntakeException {@link Refusal.UnknownJob} if there is no such job
   */
  Watch follow(Caller caller, JobId id, Follower listener);

  /** What the job waits for; empty if it waits for nobody. */
  List<OpenQuestion> questions(Caller caller, JobId id);

  /** The same of a job as it was just seen, which may have been forgotten since. */
  default List<OpenQuestion> questions(Caller caller, Job seen) {
    try {
      return seen.state() == JobState.INPUT_REQUIRED ? questions(caller, seen.id()) : List.of();
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      return List.of();
    }
  }

  /**
   * Answers questions of a job. Keys that are unknown or answered already are ignored.
   *
   * @param answers the client's results by key, each an object
   * @return how many were taken
   */
  int answer(Caller caller, JobId id, Map<String, JsonNode> answers);

  /**
   * What a job's tool had when it last said so: while the job runs at most a few seconds ago, and
   * of one that ended without a result what it left. Empty if it said nothing, or has completed.
   */
  default Optional<Partial> partial(Caller caller, Job job) {
    return Optional.empty();
  }

  /**
   * How the job ended.
   *
   * @throws IntakeException {@link Refusal.NotFinished} if it has not
   * @throws IntakeException {@link Refusal.ResultExpired} if that is forgotten already
   */
  Outcome outcome(Caller caller, JobId id);

  /**
   * How a job ended that was just read here for this caller and had ended: the same without reading
   * it once more.
   */
  default Outcome outcome(Caller caller, Job ended) {
    return outcome(caller, ended.id());
  }

  /**
   * Records that the id is about to be handed to a client; call it before the handle is written.
   *
   * @param announcedTtl how long after its creation the id is promised to be known, or null
   */
  Job handOver(Caller caller, JobId id, @Nullable Duration announcedTtl);

  /** What identical calls of one caller have in common, whichever front door they came through. */
  String digest(Submission submission);

  /** Whether a repetition of the call may go on with the job of the call before it. */
  default boolean joinable(Submission submission, Job job) {
    return true;
  }

  /**
   * Starts a held job: its delay and its deadline count from now.
   *
   * @throws IntakeException {@link Refusal.NotHeld} if it is not held
   */
  Job start(Caller caller, JobId id);

  /**
   * Cancels a job.
   *
   * @throws IntakeException {@link Refusal.AlreadyFinished} if it has ended
   */
  Job cancel(Caller caller, JobId id);

  /**
   * The client of a call that is held open is gone: cancels the job unless its id was handed out or
   * somebody else waits for it.
   */
  void abandon(Caller caller, JobId id);

  /**
   * Forgets a job.
   *
   * @param force cancel it first if it has not ended
   * @throws IntakeException {@link Refusal.NotFinished} if it has not ended and force is false
   */
  void delete(Caller caller, JobId id, boolean force);

  /** The caller's jobs, newest first. */
  default JobPage list(
      Caller caller,
      @Nullable String state,
      @Nullable String tool,
      @Nullable String cursor,
      int limit) {
    return list(caller, state, tool, null, cursor, limit);
  }

  /**
   * The caller's jobs, newest first.
   *
   * @param method only jobs of this method, or null for all
   */
  JobPage list(
      Caller caller,
      @Nullable String state,
      @Nullable String tool,
      @Nullable String method,
      @Nullable String cursor,
      int limit);

  /**
   * When a job can be expected to end: as its progress goes on, if it has any; else from its tool's
   * own history, while there is none from its policy's estimate. Empty if nobody knows, or if it
   * takes longer than that already.
   */
  Optional<Instant> estimatedCompletion(Job job);

  /** Hears of a job. */
  @FunctionalInterface
  interface Follower {
    /** The job as it is now. */
    void changed(Job job);

    /** What its tool said, if anybody may hear it; a line can be lost. */
    default void logged(JobLog log) {}
  }

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
