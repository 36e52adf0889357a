package dev.longhaul.queue;

import dev.longhaul.job.JobId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The notifications of jobs, batches and chains that have ended ({@link
 * dev.longhaul.job.NotificationPlan}), each delivered by a job.
 *
 * <p>When a job with a plan ends (by completion, cancellation, the reaper, or the end of its
 * batch), one delivery job per target is queued in the same write: a call of the plan's tool with
 * the arguments {@code subject}, the id; {@code kind}, one of job, batch and chain; {@code event},
 * such as {@code job.completed}; {@code state}; {@code channel}; {@code url} if the target has one;
 * and {@code ended}, the time of the end in milliseconds as text. It has the owner of the ended
 * job, does not appear in listings, is not refused by a full queue, and becomes a dead letter when
 * its attempts are exhausted. A batch or chain notifies when its last child has ended; an unsealed
 * one does not notify.
 *
 * <p>Every method throws {@link QueueUnavailableException} when the store is not available.
 */
public interface NotificationQueue {
  /** How many of the newest entries of a log are kept. */
  int MOST_ENTRIES = 100;

  /** How many unfinished deliveries of one subject may exist when another one is requested. */
  int MOST_UNDER_WAY = 20;

  /** Adds an attempt to the log of its subject, even if the subject is not known any more. */
  void record(JobId subject, DeliveryEntry entry);

  /**
   * The log of a job, batch or chain, oldest first; empty if there were no notifications or the log
   * has expired. It is kept as long as the status of its subject, and after each attempt for
   * another status TTL.
   */
  List<DeliveryEntry> log(JobId subject);

  /**
   * Sends the notifications of an ended subject again, with new deliveries.
   *
   * @param channel the only channel to use, or null for all channels of the plan
   * @return the delivery jobs; none if the subject is unknown, has not ended, or has no such target
   * @throws QueueFullException if too many of its deliveries are unfinished, or the store is nearly
   *     full
   */
  List<JobId> again(JobId subject, @Nullable String channel);
}
