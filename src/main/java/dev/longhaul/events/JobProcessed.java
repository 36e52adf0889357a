package dev.longhaul.events;

import dev.longhaul.job.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * A job has ended with a result, possibly with {@code isError}.
 *
 * @param outcome the result
 */
public record JobProcessed(EndedJob job, Outcome.Answered outcome, Optional<Duration> ran)
    implements JobEvent {}
