package dev.longhaul.mcp.delivery;

import java.time.Duration;

/**
 * How a call's result reaches its client, decided before the call starts.
 *
 * @see DeliveryChoice
 */
public sealed interface Delivery {

  /** Run in the request's thread; there is no job id. */
  record Inline() implements Delivery {}

  /**
   * The result if the job ends within the grace period, else a task (delivery 1).
   *
   * @param ttl how long after its creation the task is kept at least
   */
  record AsTask(Duration grace, Duration ttl) implements Delivery {}

  /**
   * Held open until the job ends (delivery 3), handed over as an operation when the hold expires
   * (delivery 4).
   */
  record Held(Duration hold) implements Delivery {}
}
