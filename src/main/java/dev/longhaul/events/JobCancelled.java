package dev.longhaul.events;

import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * A job was cancelled: by its owner, or because its client left. A tool that runs is told to stop
 * and may add what it had done until then; that is in the job's result a moment later, not here.
 */
public record JobCancelled(EndedJob job, Outcome.Cancelled outcome) implements JobEvent {

  @Override
  public Optional<Duration> ran() {
    return Optional.empty();
  }
}
