package dev.longhaul.events;

import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * A job has ended without a result: it failed, was refused, is dead, or was never started.
 *
 * @param outcome the cause, and the tool's partial result
 */
public record JobFailed(EndedJob job, Outcome outcome, Optional<Duration> ran)
    implements JobEvent {}
