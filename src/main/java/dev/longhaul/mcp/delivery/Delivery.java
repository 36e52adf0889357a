package dev.longhaul.mcp.delivery;

import java.time.Duration;

/**
 * How a call's answer is to reach its client, decided before the call starts.
 *
 * @see DeliveryChoice
 */
public sealed interface Delivery {

  /** Run here and now; there is never a handle. */
  record Inline() implements Delivery {}

  /**
   * The result itself within the grace, else a task (delivery 1).
   *
   * @param ttl how long after its creation the task is promised to be known
   */
  record AsTask(Duration grace, Duration ttl) implements Delivery {}

  /**
   * Held open until the result is there (delivery 3), handed over as an operation when the hold
   * runs out (delivery 4).
   */
  record Held(Duration hold) implements Delivery {}
}
