package dev.longhaul.ops;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the queue's depths at most once a second, for all gauges and health checks. */
final class DepthReader {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final JobQueue queue;
  private final Clock clock;
  private @Nullable QueueDepths last;
  private Instant readAt = Instant.MIN;

  DepthReader(JobQueue queue, Clock clock) {
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * The depths.
   *
   * @throws QueueUnavailableException if the queue cannot be read
   */
  synchronized QueueDepths read() {
    Instant now = clock.instant();
    QueueDepths known = last;
    if (known == null || readAt.plus(FRESH).isBefore(now)) {
      last = null;
      known = queue.depths();
      last = known;
      readAt = now;
    }
    return known;
  }

  /** The depths, or empty while the queue cannot be read: a gauge then shows no value. */
  Optional<QueueDepths> readIfPossible() {
    try {
      return Optional.of(read());
    } catch (QueueUnavailableException e) {
      return Optional.empty();
    }
  }
}
