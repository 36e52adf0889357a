package dev.longhaul.testsupport.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How long tools take on average. */
final class RunTimesTable {
  // The past counts for so many calls at most, so that the mean follows a tool that changes.
  private static final long MOST_WEIGHT = 100;

  private final Map<String, Mean> means = new HashMap<>();

  private record Mean(long millis, long weight) {}

  long add(String tool, long count, long millis) {
    Mean known = means.getOrDefault(tool, new Mean(0, 0));
    long weight = Math.min(known.weight(), MOST_WEIGHT);
    long mean = Math.round((double) (known.millis() * weight + millis) / (weight + count));
    means.put(tool, new Mean(mean, weight + count));
    return mean;
  }

  Optional<Duration> average(String tool) {
    return Optional.ofNullable(means.get(tool)).map(mean -> Duration.ofMillis(mean.millis()));
  }
}
