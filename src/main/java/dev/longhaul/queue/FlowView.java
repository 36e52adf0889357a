package dev.longhaul.queue;

import dev.longhaul.job.FlowCallback;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.job.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A batch or chain as it is now.
 *
 * @param reason why it starts no more children or did not complete; null otherwise. A running batch
 *     with a reason waits for its running children
 * @param callbacks the started callbacks
 * @param waiting why the latest of the jobs that are held back waits; null if none waits
 * @param handedOut whether a client has its id, so that a disconnect does not cancel it any more
 */
public record FlowView(
    JobId id,
    FlowKind kind,
    String name,
    String owner,
    FlowState state,
    @Nullable Reason reason,
    boolean allowFailures,
    Counts counts,
    Times times,
    Map<FlowCallback, List<JobId>> callbacks,
    @Nullable Waiting waiting,
    boolean handedOut) {

  /**
   * The numbers of its children.
   *
   * @param staged how many are stored
   * @param total how many it has, or null before it is sealed
   * @param completed how many ended with a result
   * @param failed how many failed, are dead, or ended with a result that says isError
   * @param cancelled how many were cancelled
   * @param heldBack how many wait although workers are free
   */
  public record Counts(
      int staged, @Nullable Integer total, int completed, int failed, int cancelled, int heldBack) {
    /** The number of ended children, in any state. */
    public int ended() {
      return completed + failed + cancelled;
    }
  }

  /**
   * Its times.
   *
   * @param finishedAt when its last child ended, or null; a cancelled flow may still have running
   *     children
   * @param expiresAt when it will be deleted, or null if it has not ended
   */
  public record Times(
      Instant createdAt,
      @Nullable Instant sealedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant expiresAt) {}

  public FlowView {
    callbacks = Map.copyOf(callbacks);
  }

  /**
   * This flow as a job, for clients that follow a call of {@code run_batch} or {@code run_chain}.
   * No worker runs such a job, because the flow's children do the work.
   */
  public Job job() {
    Instant sealed = Objects.requireNonNullElse(times.sealedAt(), times.createdAt());
    return new Job(
        id,
        new JobSpec(
            "tools/call",
            kind.tool(),
            owner,
            "default",
            Priority.DEFAULT,
            Duration.ZERO,
            RetryPolicy.once(),
            Map.of("name", name)),
        state.job(),
        progress(),
        new JobTimes(
            times.createdAt(),
            times.sealedAt(),
            Objects.requireNonNullElse(times.finishedAt(), sealed),
            times.finishedAt(),
            null,
            times.expiresAt(),
            null),
        1,
        List.of(),
        error(),
        null,
        JobLinks.NONE,
        handedOut,
        0);
  }

  private Progress progress() {
    Integer total = counts.total();
    return total == null ? Progress.NONE : new Progress((double) counts.ended() / total, said());
  }

  /** Its counts in words. */
  public String said() {
    return String.format(
        Locale.ROOT,
        "%d of %d %s ended: %d completed, %d failed, %d cancelled",
        counts.ended(),
        Objects.requireNonNullElse(counts.total(), 0),
        kind == FlowKind.BATCH ? "jobs" : "steps",
        counts.completed(),
        counts.failed(),
        counts.cancelled());
  }

  /** Why it did not complete, or null. */
  public @Nullable JobError error() {
    return switch (state) {
      case FAILED ->
          new JobError(
              kind.name() + "_FAILED",
              "child_failed",
              "A "
                  + (kind == FlowKind.BATCH ? "job" : "step")
                  + " of the "
                  + kind.wire()
                  + " failed, so the others were stopped.",
              "See the error of what failed. "
                  + (kind == FlowKind.BATCH
                      ? "Set allow_failures if the others are to go on."
                      : "Correct that step, and submit the chain again from there."));
      case CANCELLED ->
          new JobError(
              JobError.CANCELLED,
              "cancelled",
              reason == Reason.NEVER_SEALED
                  ? "The "
                      + kind.wire()
                      + " was not submitted completely, so nothing of it was run."
                  : "The " + kind.wire() + " was cancelled.",
              "Submit it again if its results are still wanted.");
      case STAGING, RUNNING, COMPLETED -> null;
    };
  }

  /** Why the flow stopped. */
  public enum Reason {
    CHILD_FAILED,
    CHILD_CANCELLED,
    /** Its owner cancelled it. */
    CANCELLED,
    /** It was not sealed within {@code longhaul.flows.max-staging}. */
    NEVER_SEALED
  }
}
