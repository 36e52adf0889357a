package dev.longhaul.mcp.delivery;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Chooses the delivery of a call from its request and its tool's policy.
 *
 * @param grace see {@link Delivery.AsTask}
 * @param taskTtl see {@link Delivery.AsTask}
 */
public record DeliveryChoice(Duration grace, Duration taskTtl) {

  /**
   * The delivery of one call.
   *
   * @param runsInline whether the call runs inline by its tool's policy
   * @param tasksDeclared whether this request declared the tasks extension
   * @param hold how long the call is held otherwise; called only when needed, because it reads the
   *     store
   */
  public Delivery of(boolean runsInline, boolean tasksDeclared, Supplier<Duration> hold) {
    if (runsInline) {
      return new Delivery.Inline();
    }
    return tasksDeclared ? new Delivery.AsTask(grace, taskTtl) : new Delivery.Held(hold.get());
  }
}
