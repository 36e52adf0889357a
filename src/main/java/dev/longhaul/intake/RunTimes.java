package dev.longhaul.intake;

import dev.longhaul.queue.JobQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long each tool takes on average. Remembered for a few seconds, so that a page of jobs costs
 * one read a tool and not one a job.
 */
final class RunTimes {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private record Known(Optional<Duration> average, Instant readAt) {}

  private final JobQueue queue;
  private final Clock clock;
  // As many entries as the catalogue has tools: only stored jobs are asked about.
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  RunTimes(JobQueue queue, Clock clock) {
    this.queue = queue;
    this.clock = clock;
  }

  Optional<Duration> average(String tool) {
    Instant now = clock.instant();
    Known last = known.get(tool);
    if (last == null || last.readAt().plus(FRESH).isBefore(now)) {
      last = new Known(queue.averageTime(tool), now);
      known.put(tool, last);
    }
    return last.average();
  }
}
