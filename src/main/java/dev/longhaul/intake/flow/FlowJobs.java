package dev.longhaul.intake.flow;

import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.job.Job;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobLinks;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.JobState;
import dev.longhaul.job.JobTimes;
import dev.longhaul.job.Priority;
import dev.longhaul.job.Progress;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.FlowKind;
import dev.longhaul.queue.FlowState;
import dev.longhaul.queue.FlowView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A batch or chain as the job that a call of {@code run_batch} or {@code run_chain} is to those who
 * follow it. No worker ever has such a job: its children do the work.
 */
final class FlowJobs {
  private FlowJobs() {}

  static Job of(FlowView view) {
    FlowView.Times times = view.times();
    Instant sealed = Objects.requireNonNullElse(times.sealedAt(), times.createdAt());
    return new Job(
        view.id(),
        new JobSpec(
            "tools/call",
            tool(view.kind()),
            view.owner(),
            ToolPolicy.DEFAULT_QUEUE,
            Priority.DEFAULT,
            Duration.ZERO,
            RetryPolicy.once(),
            Map.of("name", view.name())),
        state(view.state()),
        progress(view),
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
        error(view),
        null,
        JobLinks.NONE,
        view.handedOut(),
        0);
  }

  static String tool(FlowKind kind) {
    return kind == FlowKind.BATCH ? FlowTools.RUN_BATCH : FlowTools.RUN_CHAIN;
  }

  private static JobState state(FlowState state) {
    return switch (state) {
      case STAGING -> JobState.QUEUED;
      case RUNNING -> JobState.RUNNING;
      case COMPLETED -> JobState.COMPLETED;
      case FAILED -> JobState.FAILED;
      case CANCELLED -> JobState.CANCELLED;
    };
  }

  private static Progress progress(FlowView view) {
    Integer total = view.counts().total();
    return total == null
        ? Progress.NONE
        : new Progress((double) view.counts().ended() / total, counts(view, total));
  }

  /** The counts in words. */
  static String counts(FlowView view, int total) {
    return String.format(
        Locale.ROOT,
        "%d of %d %s ended: %d completed, %d failed, %d cancelled",
        view.counts().ended(),
        total,
        view.kind() == FlowKind.BATCH ? "jobs" : "steps",
        view.counts().completed(),
        view.counts().failed(),
        view.counts().cancelled());
  }

  /** Why it did not complete, or null. */
  static @Nullable JobError error(FlowView view) {
    String kind = view.kind().wire();
    if (view.state() == FlowState.FAILED) {
      return new JobError(
          kind.toUpperCase(Locale.ROOT) + "_FAILED",
          "child_failed",
          "A "
              + (view.kind() == FlowKind.BATCH ? "job" : "step")
              + " of the "
              + kind
              + " failed, so the others were stopped.",
          "See the error of what failed. "
              + (view.kind() == FlowKind.BATCH
                  ? "Set allow_failures if the others are to go on."
                  : "Correct that step, and submit the chain again from there."));
    }
    if (view.state() == FlowState.CANCELLED) {
      return new JobError(
          JobError.CANCELLED,
          "cancelled",
          view.reason() == FlowView.Reason.NEVER_SEALED
              ? "The " + kind + " was not submitted completely, so nothing of it was run."
              : "The " + kind + " was cancelled.",
          "Submit it again if its results are still wanted.");
    }
    return null;
  }
}
