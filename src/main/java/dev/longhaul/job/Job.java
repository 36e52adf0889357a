package dev.longhaul.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was when it was read. Results are read apart, because they live shorter.
 *
 * @param attempt how many attempts have started
 * @param createdAt when it was stored
 * @param startedAt when its latest attempt started, or null
 * @param updatedAt when it last changed
 * @param finishedAt when it reached a terminal state, or null
 * @param dueAt when a scheduled job may start, or null
 * @param error why it ended without a result, or, while it goes on, why its last attempt failed;
 *     null if neither
 * @param handedOut whether its id was given to a client, so that a disconnect no longer cancels it
 * @param expiresAt when its status may be forgotten; null while it is not finished
 * @param announcedTtl how long after its creation the id was promised to a client to stay known
 * @param waiting what holds it back although workers are free, or null
 * @param replayOf the dead job that this one tries again, or null
 * @param replayedBy the job that tries this dead one again, or null
 * @param flow its place in a batch or chain, or null
 * @param questions how many questions its tool has asked so far, whether answered or not
 * @param attempts its runs, the last 20 at most: those that failed or lost their worker, and the
 *     latest one
 */
public record Job(
    JobId id,
    String method,
    @Nullable String tool,
    String owner,
    String queue,
    JobState state,
    Priority priority,
    Progress progress,
    int attempt,
    int maxAttempts,
    boolean repeatable,
    Duration timeout,
    Instant createdAt,
    @Nullable Instant startedAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant dueAt,
    @Nullable JobError error,
    boolean handedOut,
    @Nullable Instant expiresAt,
    @Nullable Duration announcedTtl,
    Map<String, String> metadata,
    @Nullable Waiting waiting,
    @Nullable JobId replayOf,
    @Nullable JobId replayedBy,
    @Nullable FlowRef flow,
    int questions,
    List<JobAttempt> attempts) {

  public Job {
    attempts = List.copyOf(attempts);
    metadata = Map.copyOf(metadata);
  }

  /** The same job in another state, for telling of an end that is not stored any more. */
  public Job ended(JobState end) {
    return new Job(
        id,
        method,
        tool,
        owner,
        queue,
        end,
        priority,
        progress,
        attempt,
        maxAttempts,
        repeatable,
        timeout,
        createdAt,
        startedAt,
        updatedAt,
        finishedAt,
        dueAt,
        error,
        handedOut,
        expiresAt,
        announcedTtl,
        metadata,
        null,
        replayOf,
        replayedBy,
        flow,
        questions,
        attempts);
  }
}
