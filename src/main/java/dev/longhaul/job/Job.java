package dev.longhaul.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was when it was read, without its result, which expires earlier.
 *
 * @param attempt how many attempts have started
 * @param attempts its attempts, at most the last 20: those that failed or lost their worker, and
 *     the latest
 * @param error why it ended without a result, or, if it has not ended, why its last attempt failed;
 *     null if neither
 * @param waiting what holds it back although workers are free, or null
 * @param handedOut whether a client has its id, so that a disconnect does not cancel it any more
 * @param questions how many questions its tool has asked so far, whether answered or not
 */
public record Job(
    JobId id,
    JobSpec spec,
    JobState state,
    Progress progress,
    JobTimes times,
    int attempt,
    List<JobAttempt> attempts,
    @Nullable JobError error,
    @Nullable Waiting waiting,
    JobLinks links,
    boolean handedOut,
    int questions)
    implements JobSpec.Specified {

  public Job {
    attempts = List.copyOf(attempts);
  }

  /** The same job in another state, to report the end of a job that was deleted. */
  public Job ended(JobState end) {
    return new Job(
        id, spec, end, progress, times, attempt, attempts, error, null, links, handedOut,
        questions);
  }
}
