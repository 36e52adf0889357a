package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of jobs, batches and chains that have ended ({@link
 * dev.longhaul.job.NotificationPlan}).
 *
 * <p>Whatever ends a job that has a plan (a completion, a cancel, a reap, the end of its batch)
 * puts one job in line for each of its targets, in the same write: a call of the plan's tool with
 * the arguments {@code subject}, the id; {@code kind}, one of job, batch and chain; {@code event},
 * such as {@code job.completed}; {@code state}; {@code channel}; {@code url} if the target has one;
 * and {@code ended}, the time of the end in milliseconds as text. It belongs to the owner of what
 * has ended, is in none of his listings, is not refused by a full queue, and is dead when its
 * attempts are used up. A batch or chain tells when its last child has ended, one that was never
 * sealed tells nothing.
 *
 * <p>Every method throws {@link QueueUnavailableException} when the store cannot be reached.
 */
public interface NotificationQueue {
  /** How many entries of a log are kept, the newest. */
  int MOST_ENTRIES = 100;

  /** How many deliveries of one subject may be under way for another one to be asked for. */
  int MOST_UNDER_WAY = 20;

  /** Adds what became of an attempt to the log of its subject, whether that is known or not. */
  void record(JobId subject, DeliveryEntry entry);

  /**
   * The log of a job, batch or chain, the oldest first; empty if nothing was told of it, or that is
   * forgotten. It is kept as long as the status of its subject, and for as long again after each
   * attempt as a status is kept.
   */
  List<DeliveryEntry> log(JobId subject);

  /**
   * Tells once more of what has ended, with new deliveries.
   *
   * @param channel the only channel to use, or null for all that the plan names
   * @return the jobs that deliver; none if the subject is unknown, goes on, or has no such target
   * @throws QueueFullException if too many of its deliveries have yet to end, or the store is
   *     nearly full
   */
  List<JobId> again(JobId subject, @Nullable String channel);
}
