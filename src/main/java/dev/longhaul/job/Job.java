package dev.longhaul.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was when it was read. Results are read apart, because they live shorter.
 *
 * @param attempt how many attempts have started
 * @param attempts its runs, the last 20 at most: those that failed or lost their worker, and the
 *     latest one
 * @param error why it ended without a result, or, while it goes on, why its last attempt failed;
 *     null if neither
 * @param waiting what holds it back although workers are free, or null
 * @param handedOut whether its id was given to a client, so that a disconnect no longer cancels it
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

  /** The same job in another state, for telling of an end that is not stored any more. */
  public Job ended(JobState end) {
    return new Job(
        id, spec, end, progress, times, attempt, attempts, error, null, links, handedOut,
        questions);
  }
}
