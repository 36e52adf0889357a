package dev.longhaul.queue;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLog;
import dev.longhaul.job.JobRequest;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The queue as the front doors see it. Every method is durable when it returns, and throws {@link
 * QueueUnavailableException} when the store cannot be reached.
 */
public interface JobQueue {

  /**
   * Stores jobs and puts them in line, all or none.
   *
   * @return their ids, in order; for a known idempotency key the id of the job that has it
   * @throws QueueFullException when the queue is at its limit, or the store's memory nearly is
   * @throws QueueDrainingException when its operator lets it run empty
   * @throws IdempotencyConflictException when a key was used before with other arguments
   */
  List<JobId> enqueue(List<JobRequest> requests);

  /**
   * Stores a job that has ended: its work was done without it, and its result is to be read in
   * pages.
   *
   * @return its id; empty if it could not be ended, and then it is deleted
   * @throws QueueFullException as {@link #enqueue}
   */
  Optional<JobId> keep(JobRequest request, Outcome.Answered outcome);

  /** The job as it is now, or empty if it is unknown or forgotten. */
  Optional<Job> find(JobId id);

  /**
   * How a finished job ended. Empty if the job is unknown, not finished, or its result expired
   * before its status.
   */
  Optional<Outcome> outcome(JobId id);

  /** The owner's jobs, newest first. */
  JobPage list(JobFilter filter);

  /** Cancels a job. A queued one ends at once; a running one ends in every view at once too. */
  CancelAnswer cancel(JobId id);

  /** Starts a held job: its delay and its deadline count from now. */
  ReleaseAnswer release(JobId id);

  /**
   * Marks that the job's id is being handed to a client, so that no disconnect cancels it.
   *
   * @param announcedTtl how long after creation the id is promised to stay known, or null for the
   *     ordinary time
   * @return the job; if it is already finished its outcome can be sent instead of the handle
   */
  Optional<Job> detach(JobId id, @Nullable Duration announcedTtl);

  /**
   * Forgets a finished job and its result.
   *
   * @param force cancel it first if it is not finished
   */
  DeleteAnswer delete(JobId id, boolean force);

  /**
   * Calls the listener whenever the job, batch or chain may have changed. A call is a hint to read
   * it again, never the truth: calls can be merged, repeated or lost, so a caller also reads now
   * and then.
   *
   * @return the standing wish, with the job, if it is one, as it was when it began; what changes
   *     after that is announced
   */
  JobWatch watch(JobId id, Watcher listener);

  /** What the tool of a job that has not ended has so far, if it said anything of that. */
  Optional<Partial> partial(JobId id);

  /** The questions a job waits with, in the order in which they were asked. */
  List<OpenQuestion> questions(JobId id);

  /**
   * Answers questions of a job. Keys that are unknown or answered already are ignored, and so are
   * answers to a job that has ended.
   *
   * @param answers the client's results by key, as JSON
   * @return how many were taken
   */
  int answer(JobId id, Map<String, String> answers);

  /**
   * The jobs that have an idempotency key, whatever has become of them. One at most, except that
   * several shards cannot see each other: then calls of different tools that came at the same time
   * may both have it.
   *
   * @param digest {@link IdempotencyKey#digest()}
   */
  List<JobId> keyed(String digest);

  /** How long calls of this tool have taken on average, here and elsewhere; empty if unknown. */
  Optional<Duration> averageTime(String tool);

  /** How many jobs wait and run, and how old the oldest waiting one is. */
  QueueDepths depths();

  /** What {@link #cancel} found. */
  enum CancelAnswer {
    CANCELLED,
    ALREADY_FINISHED,
    UNKNOWN
  }

  /** What {@link #release} found. */
  enum ReleaseAnswer {
    RELEASED,
    NOT_HELD,
    UNKNOWN
  }

  /** What {@link #delete} found. */
  enum DeleteAnswer {
    DELETED,
    NOT_FINISHED,
    UNKNOWN
  }

  /** Hears of a job. Called in a thread that must not be held up: only wake somebody. */
  @FunctionalInterface
  interface Watcher {
    void changed();

    /** What its tool said for the client's log. */
    default void logged(JobLog log) {}
  }

  /** A standing wish to hear of a job; close it when no longer interested. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** A watch, and from where on it hears. */
  interface JobWatch extends Watch {
    /** The job as it was when the watch began, or empty if it was unknown. */
    Optional<Job> job();
  }
}
