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
 * The queue for API processes: storing, reading, watching and cancelling jobs. Every method is
 * durable when it returns, and throws {@link QueueUnavailableException} when the store is not
 * available.
 */
public interface JobQueue {

  /**
   * Stores and queues jobs, all or none.
   *
   * @return their ids, in order; for a known idempotency key the id of the job that has it
   * @throws QueueFullException when the queue has reached its limit, or memory is nearly full
   * @throws QueueDrainingException when the queue is being drained
   * @throws IdempotencyConflictException when a key was used before with other arguments
   */
  List<JobId> enqueue(List<JobRequest> requests);

  /**
   * Registers the worker of this process, which {@link #submit} hands jobs to.
   *
   * @return ends it when it is closed
   */
  Watch handTo(HandOff worker);

  /**
   * Stores and queues a job, or hands it to the worker of this process if it would run at once:
   * nothing waits or is held back in its queue, no limit stops it, and the worker has a place.
   *
   * @param awaited whether a call waits for it: then it is watched from the beginning, and the
   *     {@link #watch} that this process begins next gets what has happened until then
   * @return the job as it was stored, or the one that has its idempotency key
   * @throws QueueFullException and the others as {@link #enqueue}
   */
  Job submit(JobRequest request, boolean awaited);

  /**
   * The same for a call that waits for its job, unless equal calls are recorded.
   *
   * @param digest under which {@link HeldCalls} would have them
   * @return empty if there are such records: then nothing is stored
   */
  Optional<Job> submitUnlessHeld(JobRequest request, String digest);

  /**
   * Stores the result of an inline call as an ended job, so that it can be read in pages.
   *
   * @return its id; empty if that was not possible
   * @throws QueueFullException as {@link #enqueue}
   */
  Optional<JobId> keep(JobRequest request, Outcome.Answered outcome);

  /** The job as it is now, or empty if it is unknown or has expired. */
  Optional<Job> find(JobId id);

  /** The same, where a batch or chain is shown as the job that its call is. */
  Optional<Job> operation(JobId id);

  /**
   * The outcome of a finished job; empty if the job is unknown or not finished, or if its result
   * has expired.
   */
  Optional<Outcome> outcome(JobId id);

  /** The owner's jobs, newest first. */
  JobPage list(JobFilter filter);

  /**
   * Cancels a job, batch or chain. Its state is cancelled at once, even if its tool is still
   * running.
   */
  CancelAnswer cancel(JobId id);

  /** Starts a held job; its delay and its deadline count from now. */
  ReleaseAnswer release(JobId id);

  /**
   * Marks that a client gets the id of a job, batch or chain, so that a disconnect does not cancel
   * it any more.
   *
   * @param announcedTtl how long after its creation the job is kept at least, as announced to the
   *     client; null for the general setting. A batch or chain ignores it
   * @return the job; if it has finished, its outcome can be sent instead of the id
   */
  Optional<Job> detach(JobId id, @Nullable Duration announcedTtl);

  /**
   * Deletes a finished job and its result.
   *
   * @param force whether to cancel it first if it is not finished
   */
  DeleteAnswer delete(JobId id, boolean force);

  /**
   * Calls the listener whenever the job, batch or chain may have changed. A call is only a hint to
   * read again: calls can be merged, repeated or lost, so the caller also reads periodically. How a
   * job ended is told with the call, if its result is small.
   *
   * @return the watch, with the job as it was when the watch began; later changes are reported
   */
  JobWatch watch(JobId id, Watcher listener);

  /** The partial result of an unfinished job, if its tool has reported one. */
  Optional<Partial> partial(JobId id);

  /** The open questions of a job in the order in which they were asked. */
  List<OpenQuestion> questions(JobId id);

  /**
   * Stores answers to questions of a job. Unknown and already answered keys are ignored, and so are
   * answers to a finished job.
   *
   * @param answers the client's answers by key, as JSON
   * @return how many were stored
   */
  int answer(JobId id, Map<String, String> answers);

  /**
   * The jobs with an idempotency key, in any state. At most one, except with several shards: there,
   * concurrent calls of different tools may get jobs with the same key.
   *
   * @param digest {@link IdempotencyKey#digest()}
   */
  List<JobId> keyed(String digest);

  /** The average run time of this tool over all processes; empty if unknown. */
  default Optional<Duration> averageTime(String tool) {
    return runTime(tool).map(RunTime::mean);
  }

  /** The run time of this tool over all processes; empty if unknown. */
  Optional<RunTime> runTime(String tool);

  /**
   * How long a tool runs.
   *
   * @param mean the average of its latest runs
   * @param runs of how many runs that is; not more than about a hundred are counted
   */
  record RunTime(Duration mean, long runs) {}

  /** How many jobs wait and run, and how old the oldest waiting one is. */
  QueueDepths depths();

  /** The result of {@link #cancel}. */
  enum CancelAnswer {
    CANCELLED,
    ALREADY_FINISHED,
    UNKNOWN
  }

  /** The result of {@link #release}. */
  enum ReleaseAnswer {
    RELEASED,
    NOT_HELD,
    UNKNOWN
  }

  /** The result of {@link #delete}. */
  enum DeleteAnswer {
    DELETED,
    NOT_FINISHED,
    UNKNOWN
  }

  /** Is notified of changes of a job. Must not block; it should only wake another thread. */
  @FunctionalInterface
  interface Watcher {
    /** How many log messages of a job are kept for a listener that is slower than its tool. */
    int MAX_LOGS = 1_000;

    void changed();

    /**
     * The job has ended.
     *
     * @param job what {@link JobQueue#find} returns from now on
     * @param outcome what {@link JobQueue#outcome} returns
     */
    default void ended(Job job, Outcome outcome) {
      changed();
    }

    /** The tool has sent a log message to the client. */
    default void logged(JobLog log) {}
  }

  /** A registration of a listener, which ends when it is closed. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** A watch with the state of the job at its beginning. */
  interface JobWatch extends Watch {
    /** The {@link #operation} as it was when the watch began, or empty if it was unknown. */
    Optional<Job> job();
  }
}
