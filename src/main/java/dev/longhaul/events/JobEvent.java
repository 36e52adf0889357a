package dev.longhaul.events;

import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * A job has ended. Published once, in the process that recorded the outcome, after the queue has
 * accepted it; lost if that process dies in between. For guaranteed notification read the job or
 * use a webhook.
 */
public sealed interface JobEvent permits JobProcessed, JobFailed, JobCancelled {

  /** The job. */
  EndedJob job();

  /** The outcome. */
  Outcome outcome();

  /** How long its last attempt ran; empty if no attempt of this process ended it. */
  Optional<Duration> ran();
}
