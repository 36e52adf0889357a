package dev.longhaul.events;

import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * A job has ended. Published in the process that recorded the outcome, once, after the queue has
 * accepted it, and lost if that process dies in between: what must not be missed is asked for by
 * the job's id, or delivered by a webhook.
 */
public sealed interface JobEvent permits JobProcessed, JobFailed, JobCancelled {

  /** The job. */
  EndedJob job();

  /** How it ended. */
  Outcome outcome();

  /** How long its last attempt ran; empty where no attempt of this process ended it. */
  Optional<Duration> ran();
}
