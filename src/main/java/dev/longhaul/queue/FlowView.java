package dev.longhaul.queue;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch or chain as it is now.
 *
 * @param reason why it starts no more children or did not complete; null otherwise. A running batch
 *     with a reason waits for its running children
 * @param callbacks the started callbacks
 * @param waiting why the latest of the jobs that are held back waits; null if none waits
 * @param handedOut whether a client has its id, so that a disconnect does not cancel it any more
 */
public record FlowView(
    JobId id,
    FlowKind kind,
    String name,
    String owner,
    FlowState state,
    @Nullable Reason reason,
    boolean allowFailures,
    Counts counts,
    Times times,
    Map<FlowCallback, List<JobId>> callbacks,
    @Nullable Waiting waiting,
    boolean handedOut) {

  /**
   * The numbers of its children.
   *
   * @param staged how many are stored
   * @param total how many it has, or null before it is sealed
   * @param completed how many ended with a result
   * @param failed how many failed, are dead, or ended with a result that says isError
   * @param cancelled how many were cancelled
   * @param heldBack how many wait although workers are free
   */
  public record Counts(
      int staged, @Nullable Integer total, int completed, int failed, int cancelled, int heldBack) {
    /** How many have ended in any way. */
    public int ended() {
      return completed + failed + cancelled;
    }
  }

  /**
   * Its times.
   *
   * @param finishedAt when its last child ended, or null; a cancelled flow may still have running
   *     children
   * @param expiresAt when it will be deleted, or null if it has not ended
   */
  public record Times(
      Instant createdAt,
      @Nullable Instant sealedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant expiresAt) {}

  public FlowView {
    callbacks = Map.copyOf(callbacks);
  }

  /** Why the flow stopped. */
  public enum Reason {
    CHILD_FAILED,
    CHILD_CANCELLED,
    /** Its owner cancelled it. */
    CANCELLED,
    /** It was not sealed within {@code longhaul.flows.max-staging}. */
    NEVER_SEALED
  }
}
