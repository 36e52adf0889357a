package dev.longhaul.queue;

import dev.longhaul.job.IdempotencyKey;
import dev.longhaul.job.NotificationPlan;
import org.jspecify.annotations.Nullable;

/**
 * What a batch or chain is, before it has children.
 *
 * @param name what its owner calls it
 * @param owner who may see it; its children and callbacks must be of the same owner
 * @param allowFailures whether the other children still start after one has failed; batches only
 * @param idempotency under which it is found again instead of opened twice, or null
 * @param notification who is told of its end, or null for nobody
 */
public record FlowRequest(
    FlowKind kind,
    String name,
    String owner,
    boolean allowFailures,
    @Nullable IdempotencyKey idempotency,
    @Nullable NotificationPlan notification) {

  /** One of which nobody is told. */
  public FlowRequest(
      FlowKind kind,
      String name,
      String owner,
      boolean allowFailures,
      @Nullable IdempotencyKey idempotency) {
    this(kind, name, owner, allowFailures, idempotency, null);
  }

  /** One without a key. */
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
