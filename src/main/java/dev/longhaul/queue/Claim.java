package dev.longhaul.queue;

import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobSpec;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job. It may run only after {@link WorkQueue#start} has confirmed it.
 *
 * @param token proof of the lease
 * @param params the method's params as JSON
 * @param headers what its submitter sent along beside them, as a JSON object
 * @param attempt the number of the attempt, counted from 1
 * @param createdAt when the job was stored
 * @param retryUntil until when another attempt may start
 * @param waited how long it has waited since it was last queued
 * @param probe whether it is the job that probes its tool while the tool's circuit breaker is open
 * @param flow its place in a batch or chain, or null
 */
public record Claim(
    JobId id,
    LeaseToken token,
    JobSpec spec,
    String params,
    String headers,
    int attempt,
    Instant createdAt,
    Instant retryUntil,
    Duration waited,
    boolean probe,
    @Nullable FlowRef flow)
    implements JobSpec.Specified {}
