package dev.longhaul.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The times of a job.
 *
 * @param createdAt when it was stored
 * @param startedAt when its latest attempt started, or null
 * @param updatedAt when it last changed
 * @param finishedAt when it reached a terminal state, or null
 * @param dueAt when a scheduled job may start, or null
 * @param expiresAt when its status expires; null while it is not finished
 * @param announcedTtl how long after its creation it is kept at least, as announced to a client
 */
public record JobTimes(
    Instant createdAt,
    @Nullable Instant startedAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant dueAt,
    @Nullable Instant expiresAt,
    @Nullable Duration announcedTtl) {}
