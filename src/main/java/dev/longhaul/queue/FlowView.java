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
 * @param reason why it does not start children any more, or did not complete; null otherwise. A
 *     batch with a reason that is still running waits for children that run
 * @param staged how many children are stored
 * @param total how many children it has, or null before it is sealed
 * @param completed how many children ended with a result
 * @param failed how many children failed, are dead, or ended with a result that says isError
 * @param cancelled how many children were cancelled
 * @param finishedAt when its last child had ended, or null; a cancelled one may not be there yet
 * @param expiresAt when it will be forgotten, or null while it goes on
 * @param callbacks those that were started
 * @param heldBack how many of its jobs wait although workers are free
 * @param waiting why the latest of those waits; null if there is none
 * @param handedOut whether its id was given to a client, so that a disconnect no longer cancels it
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

  /** How many children have ended, however that was. */
  public int ended() {
    return completed + failed + cancelled;
  }

  /** What stopped it. */
  public enum Reason {
    CHILD_FAILED,
    CHILD_CANCELLED,
    /** Its owner did. */
    CANCELLED,
    /** It was not sealed within {@code longhaul.flows.max-staging}. */
    NEVER_SEALED
  }
}
