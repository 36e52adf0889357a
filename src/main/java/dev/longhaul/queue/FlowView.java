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
 * @param staged how many children are stored
 * @param total how many children it has, or null before it is sealed
 * @param completed how many children ended with a result
 * @param failed how many children failed, are dead, or ended with a result that says isError
 * @param cancelled how many children were cancelled
 * @param finishedAt when its last child ended, or null; a cancelled flow may still have running
 *     children
 * @param expiresAt when it will be deleted, or null if it has not ended
 * @param callbacks the started callbacks
 * @param heldBack how many of its jobs wait although workers are free
 * @param waiting why the latest of those waits; null if none waits
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
    int staged,
    @Nullable Integer total,
    int completed,
    int failed,
    int cancelled,
    Instant createdAt,
    @Nullable Instant sealedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant expiresAt,
    Map<FlowCallback, List<JobId>> callbacks,
    boolean handedOut,
    int heldBack,
    @Nullable Waiting waiting) {

  public FlowView {
    callbacks = Map.copyOf(callbacks);
  }

  /** How many children have ended in any way. */
  public int ended() {
    return completed + failed + cancelled;
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
