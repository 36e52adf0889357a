package dev.longhaul.intake;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.DeliveryEntry;
import dev.longhaul.queue.FlowKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was told of the end of a caller's job, batch or chain, and telling it once more. One of
 * another owner is unknown.
 */
public interface Deliveries {

  /**
   * What was told, and what is going to be, the oldest first.
   *
   * @param kind a batch or chain, or null for a job
   */
  List<Delivery> list(Caller caller, @Nullable FlowKind kind, JobId id);

  /**
   * Tells it once more.
   *
   * @param kind a batch or chain, or null for a job
   * @param channel the only channel to use, or null for all
   * @return what was put in line for that
   * @throws IntakeException {@link Refusal.NotFinished} if the job goes on
   * @throws IntakeException {@link Refusal.BadRequest} if there is nobody to tell, or not on that
   *     channel
   */
  List<Delivery> replay(Caller caller, @Nullable FlowKind kind, JobId id, @Nullable String channel);

  /**
   * One delivery: a job of its own, with as many attempts as it takes.
   *
   * @param id the job that delivers; its owner may cancel it, or replay it when it is dead
   * @param channel the name of the channel
   * @param event what is told, such as {@code job.completed}
   * @param state how it stands
   * @param createdAt when it was put in line; null if that part of the log is gone
   * @param nextAttemptAt when it is tried next, if it waits for that
   * @param attempts what became of each attempt, the oldest first
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

  /** How a delivery stands. */
  enum State {
    /** It is in line, under way, or waits for its next attempt. */
    PENDING,
    DELIVERED,
    /** Given up. */
    FAILED
  }
}
