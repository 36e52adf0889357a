package dev.longhaul.intake;

import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobState;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.JobPage;
import dev.longhaul.queue.JobQueue.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads, follows, answers and cancels operations: jobs, and batches and chains, which are shown as
 * the job of the call that began them. All methods throw {@link IntakeException}, and nothing else,
 * for errors of the caller and for outages. An operation of another owner is unknown.
 */
public interface Operations {
  /** The job as it is now. */
  Job job(Caller caller, JobId id);

  /**
   * Waits until the job has ended or the time has passed.
   *
   * @return the job as it is then
   */
  Job await(Caller caller, JobId id, Duration wait) throws InterruptedException;

  /**
   * Calls the listener with the job now, at every observed change and at its end, from one thread
   * at a time, and not after a terminal state. Intermediate states may be skipped.
   *
   * @throws IntakeException {@link Refusal.UnknownJob} if there is no such job
   */
  Watch follow(Caller caller, JobId id, Follower listener);

  /** The job's open questions. */
  List<OpenQuestion> questions(Caller caller, JobId id);

  /** The open questions of a job that was just read and may have expired since. */
  default List<OpenQuestion> questions(Caller caller, Job seen) {
    try {
      return seen.state() == JobState.INPUT_REQUIRED ? questions(caller, seen.id()) : List.of();
    } catch (IntakeException e) {
      e.unless(Refusal.UnknownJob.class);
      return List.of();
    }
  }

  /**
   * Stores answers to questions of a job. Unknown and already answered keys are ignored.
   *
   * @param answers the client's answers by key, each an object
   * @return how many were stored
   */
  int answer(Caller caller, JobId id, Map<String, JsonNode> answers);

  /**
   * The last partial result of a job: at most a few seconds old while it runs, and still available
   * if it ended without a result. Empty if there is none, or if the job has completed.
   */
  default Optional<Partial> partial(Caller caller, Job job) {
    return Optional.empty();
  }

  /**
   * How the job ended.
   *
   * @throws IntakeException {@link Refusal.NotFinished} if it has not
   * @throws IntakeException {@link Refusal.ResultExpired} if its result has expired
   */
  Outcome outcome(Caller caller, JobId id);

  /**
   * The outcome of a job that was just read for this caller and had ended, without reading the job
   * again.
   */
  default Outcome outcome(Caller caller, Job ended) {
    return outcome(caller, ended.id());
  }

  /**
   * Records that a client gets the id; must be called before the id is sent.
   *
   * @param announcedTtl how long after its creation the job is kept at least, or null
   */
  Job handOver(Caller caller, JobId id, @Nullable Duration announcedTtl);

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
   * Deletes a job.
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
   * When a job is expected to end: extrapolated from its progress if it has any, else from its
   * tool's run-time statistics, else from its policy's estimate. Empty if unknown, or if that time
   * has passed.
   */
  Optional<Instant> estimatedCompletion(Job job);

  /** Is notified of a job's changes. */
  @FunctionalInterface
  interface Follower {
    /** The job as it is now. */
    void changed(Job job);

    /**
     * The job has ended.
     *
     * @param outcome its {@link Operations#outcome}, which was told with its end
     */
    default void ended(Job job, Outcome outcome) {
      changed(job);
    }

    /**
     * Whether {@link #changed} and {@link #ended} only wake another thread; then they may be called
     * in the caller's thread, and in threads that must not wait.
     */
    default boolean quick() {
      return false;
    }

    /** A log message of its tool; messages can be lost. */
    default void logged(JobLog log) {}
  }
}
