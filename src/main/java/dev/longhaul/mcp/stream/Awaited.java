package dev.longhaul.mcp.stream;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a held call waits for: all that another process needs to know to go on with it.
 *
 * @param job whose outcome will be its answer
 * @param limit for how long it is held at most; null for until the job has ended
 * @param digest of the call, under which a repetition finds it; gives null if none may
 * @param joinedSince when the call came whose job this one has joined; null if the job is its own
 */
public record Awaited(
    JobId job,
    @Nullable Duration limit,
    Supplier<@Nullable String> digest,
    @Nullable Instant joinedSince) {

  /** A call that is held until the job has ended. */
  public static Awaited theEndOf(JobId job) {
    return new Awaited(job, null, () -> null, null);
  }
}
