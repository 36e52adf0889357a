package dev.longhaul.intake;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.queue.FlowKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The notifications of the end of a caller's job, batch or chain, and their replay. Subjects of
 * other owners are unknown.
 */
public interface Deliveries {

  /**
   * The deliveries, oldest first, including pending ones.
   *
   * @param kind a batch or chain, or null for a job
   */
  List<Delivery> list(Caller caller, @Nullable FlowKind kind, JobId id);

  /**
   * Sends the notifications again.
   *
   * @param kind a batch or chain, or null for a job
   * @param channel the only channel to use, or null for all
   * @return the new deliveries
   * @throws IntakeException {@link Refusal.NotFinished} if the job has not ended
   * @throws IntakeException {@link Refusal.BadRequest} if there is no target, or none on that
   *     channel
   */
  List<Delivery> replay(Caller caller, @Nullable FlowKind kind, JobId id, @Nullable String channel);

  /**
   * One delivery, which is a job with its own attempts.
   *
   * @param id the delivery job, which its owner may cancel, or replay when it is dead
   * @param channel the name of the channel
   * @param event the event, such as {@code job.completed}
   * @param state its state
   * @param createdAt when it was queued; null if that part of the log has expired
   * @param nextAttemptAt when the next attempt may start, if it waits for that
   * @param attempts its attempts, oldest first
   */
  record Delivery(
      JobId id,
      String channel,
      String event,
      State state,
      @Nullable Instant createdAt,
      @Nullable Instant nextAttemptAt,
      List<DeliveryEntry> attempts) {

    public Delivery {
      attempts = List.copyOf(attempts);
    }
  }

  /** The state of a delivery. */
  enum State {
    /** It is queued, running, or waits for its next attempt. */
    PENDING,
    DELIVERED,
    /** Its attempts have failed. */
    FAILED
  }
}
