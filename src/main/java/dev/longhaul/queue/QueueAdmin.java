package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The queue as its operator sees it. Every method is durable when it returns, and throws {@link
 * QueueUnavailableException} when the store cannot be reached.
 */
public interface QueueAdmin {

  /** Every queue that ever had a job or a state, by name. */
  List<QueueView> queues();

  /** One queue; empty if it never had a job or a state. */
  Optional<QueueView> queue(String name);

  /**
   * How busy tools are, by name and in their order; also those that were never called.
   *
   * @param tools whose jobs to look at
   */
  Map<String, ToolUse> toolUse(Collection<String> tools);

  /** Nothing more is claimed from it; what runs goes on, and new jobs are taken. */
  void pause(String name);

  /** New jobs are refused with {@link QueueDrainingException}; what waits is still worked off. */
  void drain(String name);

  /** Takes and hands out jobs again. */
  void resume(String name);

  /**
   * Jobs that are dead, newest first.
   *
   * @param filter its state is not looked at
   */
  JobPage deadLetters(JobFilter filter);

  /**
   * Tries dead jobs again, each as a new job with {@code replay_of}. A job that was replayed
   * already keeps its one replay.
   *
   * @return the new job by the dead one's id; those that are unknown or not dead are missing
   */
  Map<JobId, JobId> replay(List<JobId> ids);

  /**
   * Forgets dead jobs.
   *
   * @return those that were forgotten; the others are unknown or not dead
   */
  Set<JobId> drop(List<JobId> ids);

  /**
   * Looks through the whole store for what stayed behind: entries without a time to live although
   * what they belong to has ended. There should be none. Slow; not for every day.
   *
   * @param limit how many to name at most
   */
  List<String> leftovers(int limit);

  /** Whether a queue takes and hands out jobs. */
  enum QueueState {
    ACTIVE,
    PAUSED,
    DRAINING
  }

  /**
   * One tool.
   *
   * @param slots how many of its jobs hold one of its slots; counted only of jobs with a limit on
   *     how many run at once
   * @param waiting about how many wait because of its limits or its circuit breaker; one that was
   *     cancelled counts until it is passed over
   * @param breakerOpen whether its circuit breaker is open, or one job tries whether it may close
   */
  record ToolUse(long slots, long waiting, boolean breakerOpen) {}

  /**
   * One queue.
   *
   * @param waiting how many wait in each priority band, most urgent first
   * @param heldBack how many wait because of a limit or an open circuit breaker
   * @param oldestWaiting how long the one that has waited longest has waited, in line or held back;
   *     zero if none waits
   */
  record QueueView(
      String name, QueueState state, List<Long> waiting, long heldBack, Duration oldestWaiting) {
    public QueueView {
      waiting = List.copyOf(waiting);
    }
  }
}
