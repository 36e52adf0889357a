package dev.longhaul.queue;

import dev.longhaul.job.FlowRef;
import dev.longhaul.job.JobId;
import dev.longhaul.job.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job offered to a worker. It is not the worker's before {@link WorkQueue#start} says so.
 *
 * @param token proof of the lease
 * @param params the method's params as JSON
 * @param headers what its submitter sent along beside them, as a JSON object
 * @param attempt the attempt this would be, counted from 1
 * @param createdAt when the job was stored
 * @param retryUntil when another attempt may no longer start
 * @param waited how long it stood in line since it was last queued
 * @param probe whether it is the one job that tries whether its tool works again, while the tool's
 *     circuit breaker is open
 * @param flow its place in a batch or chain, or null
 */
public record Claim(
    JobId id,
    LeaseToken token,
    String method,
    @Nullable String tool,
    String params,
    String headers,
    String owner,
    String queue,
    int attempt,
    RetryPolicy retry,
    Duration timeout,
    Instant createdAt,
    Instant retryUntil,
    Duration waited,
    Map<String, String> metadata,
    boolean probe,
    @Nullable FlowRef flow) {}
