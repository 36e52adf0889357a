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
 * What is done with operations: jobs, and batches and chains, which are shown as the job of the
 * call that began them. All methods throw {@link IntakeException} and nothing else for what a
 * caller or an outage can cause. An operation of another owner is unknown.
 */
public interface Operations {
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
}
