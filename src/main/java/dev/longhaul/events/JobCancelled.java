package dev.longhaul.events;

import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * A job was cancelled by its owner or because its client disconnected. A running tool may still add
 * a partial result, which appears in the job's result and not here.
 */
public record JobCancelled(EndedJob job, Outcome.Cancelled outcome) implements JobEvent {

  @Override
  public Optional<Duration> ran() {
    return Optional.empty();
  }
}
