package dev.longhaul.queue;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.NotificationPlan;
import org.jspecify.annotations.Nullable;

/**
 * A batch or chain to open.
 *
 * @param name the name given by its owner
 * @param owner who may see it; its children and callbacks must be of the same owner
 * @param allowFailures whether the other children still start after one has failed; batches only
 * @param idempotency the key that prevents opening it twice, or null
 * @param notification the channels that are notified of its end, or null for none
 */
public record FlowRequest(
    FlowKind kind,
    String name,
    String owner,
    boolean allowFailures,
    @Nullable IdempotencyKey idempotency,
    @Nullable NotificationPlan notification) {

  /** A flow without notifications. */
  public FlowRequest(
      FlowKind kind,
      String name,
      String owner,
      boolean allowFailures,
      @Nullable IdempotencyKey idempotency) {
    this(kind, name, owner, allowFailures, idempotency, null);
  }

  /** A flow without an idempotency key. */
  public FlowRequest(FlowKind kind, String name, String owner, boolean allowFailures) {
    this(kind, name, owner, allowFailures, null);
  }

  public FlowRequest {
    if (kind == FlowKind.CHAIN && allowFailures) {
      throw new IllegalArgumentException(
          "a chain cannot allow failures: each step needs the result of the one before");
    }
  }
}
