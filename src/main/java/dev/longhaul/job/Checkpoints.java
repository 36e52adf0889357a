package dev.longhaul.job;

import java.time.Duration;
import java.util.List;

/**
 * How long the steps of an attempt took, in the order in which they first began. A tool begins a
 * step with {@code JobContext.checkpoint}.
 *
 * @param attempt the number of the attempt, counted from 1
 */
public record Checkpoints(int attempt, List<Step> steps) {
  /** No steps. */
  public static final Checkpoints NONE = new Checkpoints(0, List.of());

  public Checkpoints {
    steps = List.copyOf(steps);
  }

  /**
   * A step.
   *
   * @param name as the tool named it; {@code other} is the sum of those beyond the limit
   * @param count how often it began
   * @param took how long all of them took together
   */
  public record Step(String name, long count, Duration took) {}
}
