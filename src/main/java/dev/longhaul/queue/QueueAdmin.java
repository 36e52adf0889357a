package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queue for operators. Every method is durable when it returns, and throws {@link
 * QueueUnavailableException} when the store is not available.
 */
public interface QueueAdmin {

  /** All queues that have ever had a job or were paused or drained, by name. */
  List<QueueView> queues();

  /** One queue; empty if it has never had a job and was never paused or drained. */
  Optional<QueueView> queue(String name);

  /**
   * Whose jobs wait in a queue for a worker, by name; those that a limit holds back are not
   * counted, those that were cancelled may still be. Of each band at most the 10,000 callers whose
   * turn is next are examined.
   *
   * @param queue the queue's name; one that is unknown has no callers
   * @param cursor {@link CallerPage#nextCursor} of the page before, or null for the first page
   * @param limit how many callers at most
   */
  CallerPage callers(String queue, @Nullable String cursor, int limit);

  /**
   * The use of tools by name, in the given order, including tools that were never called.
   *
   * @param tools the names of the tools
   */
  Map<String, ToolUse> toolUse(Collection<String> tools);

  /**
   * Pauses a queue: no jobs are claimed from it; running jobs continue, and new jobs are accepted.
   */
  void pause(String name);

  /**
   * Drains a queue: new jobs are refused with {@link QueueDrainingException}, and waiting jobs
   * still run.
   */
  void drain(String name);

  /** Resumes a paused or drained queue. */
  void resume(String name);

  /**
   * Dead letters, newest first.
   *
   * @param filter its state is ignored
   */
  JobPage deadLetters(JobFilter filter);

  /**
   * Replays dead jobs, each as a new job with {@code replay_of}. A job can be replayed only once; a
   * repeated call returns the existing replay.
   *
   * @return the new jobs by the ids of the dead ones; without those that are unknown or not dead
   */
  Map<JobId, JobId> replay(List<JobId> ids);

  /**
   * Deletes dead jobs.
   *
   * @return the deleted ones; the others are unknown or not dead
   */
  Set<JobId> drop(List<JobId> ids);

  /**
   * Searches the whole store for leaked keys: keys without a time to live whose job has ended.
   * There should be none. Slow.
   *
   * @param limit how many to return at most
   */
  List<String> leftovers(int limit);

  /** Whether a queue accepts jobs and lets them be claimed. */
  enum QueueState {
    ACTIVE,
    PAUSED,
    DRAINING
  }

  /**
   * The use of one tool.
   *
   * @param slots how many of its jobs use one of its slots, counted only with a concurrency limit
   * @param waiting approximately how many jobs wait because of its limits or its circuit breaker;
   *     cancelled ones may be included
   * @param breakerOpen whether its circuit breaker is open or being probed
   */
  record ToolUse(long slots, long waiting, boolean breakerOpen) {}

  /**
   * What waits in a queue of one caller.
   *
   * @param caller the owner of the jobs; {@code *} for jobs that were submitted while callers took
   *     no turns, {@code ~internal} for those of Longhaul's own
   * @param waiting how many wait in each priority band, most urgent first
   */
  record CallerWaiting(String caller, List<Long> waiting) {
    public CallerWaiting {
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * Some of the callers whose jobs wait in a queue.
   *
   * @param nextCursor where the next page begins, or null at the end
   */
  record CallerPage(List<CallerWaiting> callers, @Nullable String nextCursor) {
    public CallerPage {
      callers = List.copyOf(callers);
    }
  }

  /**
   * One queue.
   *
   * @param waiting how many wait in each priority band, most urgent first
   * @param heldBack how many wait because of a limit or an open circuit breaker
   * @param oldestWaiting how long the oldest waiting job has waited, including jobs held back; an
   *     estimate where more than 100 callers wait in a band; zero if none waits
   */
  record QueueView(
      String name, QueueState state, List<Long> waiting, long heldBack, Duration oldestWaiting) {
    public QueueView {
      waiting = List.copyOf(waiting);
    }
  }
}
