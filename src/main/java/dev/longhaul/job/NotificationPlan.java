package dev.longhaul.job;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The targets of the notification that a job, batch or chain has ended, and how the delivery jobs
 * run. It is stored with its subject, so that the write that records the end queues the deliveries.
 *
 * @param tool the internal tool that delivers
 * @param queue the named queue in which deliveries wait
 * @param priority how urgent they are
 * @param timeout how long one attempt may run
 * @param retry attempts and backoff; a delivery may always be repeated
 * @param retryUntil how long after the end another attempt may still start
 * @param concurrency how many deliveries may run at once, in each shard
 * @param targets the targets, at least one
 * @param headers data of the jobs that deliver, as JSON: the trace context of what they are about
 */
public record NotificationPlan(
    String tool,
    String queue,
    Priority priority,
    Duration timeout,
    RetryPolicy retry,
    Duration retryUntil,
    int concurrency,
    List<Target> targets,
    String headers) {
  /** Headers of a job that has none. */
  private static final String NO_HEADERS = "{}";

  public NotificationPlan(
      String tool,
      String queue,
      Priority priority,
      Duration timeout,
      RetryPolicy retry,
      Duration retryUntil,
      int concurrency,
      List<Target> targets) {
    this(tool, queue, priority, timeout, retry, retryUntil, concurrency, targets, NO_HEADERS);
  }

  /** This plan with headers for the jobs that deliver. */
  public NotificationPlan headed(String other) {
    return new NotificationPlan(
        tool, queue, priority, timeout, retry, retryUntil, concurrency, targets, other);
  }

  /** Whether there are headers. */
  public boolean isHeaded() {
    return !headers.equals(NO_HEADERS);
  }

  /**
   * A target.
   *
   * @param channel the name of the channel
   * @param url the URL, for a channel that needs one
   */
  public record Target(String channel, @Nullable String url) {}

  public NotificationPlan {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a notification needs at least one target");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1, not " + concurrency);
    }
  }
}
