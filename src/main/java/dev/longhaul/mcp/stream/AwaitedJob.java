package dev.longhaul.mcp.stream;

import dev.longhaul.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The job that a held call waits for, with all that another process needs to continue the call.
 *
 * @param job the job whose outcome is the call's result
 * @param limit how long the call is held; null for until the job ends
 * @param digest the call's digest, under which a repetition finds it; supplies null if it cannot be
 *     joined
 * @param joinedSince the time of the call whose job this one has joined; null if it has joined none
 */
public record AwaitedJob(
    JobId job,
    @Nullable Duration limit,
    Supplier<@Nullable String> digest,
    @Nullable Instant joinedSince) {

  /** For a call that is held until the job ends. */
  public static AwaitedJob theEndOf(JobId job) {
    return new AwaitedJob(job, null, () -> null, null);
  }
}
