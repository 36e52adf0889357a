package dev.longhaul.intake;

import dev.longhaul.catalog.Tool;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long each tool takes on average. Remembered for a few seconds, so that a page of jobs costs
 * one read a tool and not one a job, and a call none at all.
 */
final class RunTimes {
  private static final Logger log = LoggerFactory.getLogger(RunTimes.class);
  private static final Duration FRESH = Duration.ofSeconds(5);

  private record Known(Optional<Duration> average, Instant readAt) {}

  private final JobQueue queue;
  private final Clock clock;
  // As many entries as the catalogue has tools: only those and stored jobs are asked about.
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Set<String> reading = ConcurrentHashMap.newKeySet();

  RunTimes(JobQueue queue, Clock clock) {
    this.queue = queue;
    this.clock = clock;
  }

  /** The average as it is now, or was a few seconds ago; may have to ask the queue. */
  Optional<Duration> average(String tool) {
    Instant now = clock.instant();
    Known last = known.get(tool);
    if (last == null || stale(last, now)) {
      last = new Known(queue.averageTime(tool), now);
      known.put(tool, last);
    }
    return last.average();
  }

  /**
   * How long a call of the tool takes as far as this process knows: on average, or while there is
   * no history as its policy says. Never waits: what is a few seconds old is read again in the
   * background, for later calls.
   */
  Duration usual(Tool tool) {
    Known last = known.get(tool.name());
    if (last == null || stale(last, clock.instant())) {
      readInBackground(tool.name());
    }
    Optional<Duration> average = last == null ? Optional.empty() : last.average();
    return average.orElse(tool.policy().estimate());
  }

  /** Reads the averages of tools that will be asked for, so that the first call knows them. */
  void prepare(Collection<String> tools) {
    tools.forEach(this::readInBackground);
  }

  /** The queue has said it. */
  void learned(String tool, Duration average) {
    known.put(tool, new Known(Optional.of(average), clock.instant()));
  }

  private void readInBackground(String tool) {
    if (reading.add(tool)) {
      var _ = Threads.virtual("longhaul-run-times", () -> read(tool));
    }
  }

  private void read(String tool) {
    try {
      known.put(tool, new Known(queue.averageTime(tool), clock.instant()));
    } catch (RuntimeException e) {
      // What was known goes on to count, and is looked for again when it is as old once more.
      log.debug("The average time of {} could not be read", tool, e);
      known.compute(
          tool,
          (_, last) ->
              new Known(last == null ? Optional.empty() : last.average(), clock.instant()));
    } finally {
      reading.remove(tool);
    }
  }

  private static boolean stale(Known last, Instant now) {
    return last.readAt().plus(FRESH).isBefore(now);
  }
}
