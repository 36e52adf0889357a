package dev.longhaul.mcp.delivery;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Decides the delivery of a call from what its request says. Knows nothing of threads or sockets.
 *
 * @param grace see {@link Delivery.AsTask}
 * @param taskTtl see {@link Delivery.AsTask}
 */
public record DeliveryChoice(Duration grace, Duration taskTtl) {

  /**
   * The delivery of one call.
   *
   * @param runsInline whether the tool's policy is to run at once
   * @param tasksDeclared whether this very request declared the tasks extension
   * @param hold how long its client is held otherwise; only asked where that counts, because what
   *     is known of a client is looked up
   */
  public Delivery of(boolean runsInline, boolean tasksDeclared, Supplier<Duration> hold) {
    if (runsInline) {
      return new Delivery.Inline();
    }
    return tasksDeclared ? new Delivery.AsTask(grace, taskTtl) : new Delivery.Held(hold.get());
  }
}
