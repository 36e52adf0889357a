package dev.longhaul.rest;

import dev.longhaul.job.JobAttempt;
import dev.longhaul.rest.Answer.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of a job. */
@Answer
@Schema(name = "JobAttempt", description = "One run of a job.")
record AttemptView(
    @Schema(description = "Counted from 1.") int number,
    @Timestamp @Nullable Instant startedAt,
    @Timestamp @Schema(description = "Null while it goes on.") @Nullable Instant finishedAt,
    @Schema(description = "Which process ran it: its host's name and a number; null if unknown.")
        @Nullable String worker,
    @Schema(description = "Why it failed; null if it did not.") @Nullable Failure error,
    @Schema(
            description =
                "Its steps in the order in which they first began; of the latest attempt that told"
                    + " any, else empty.")
        List<Checkpoint> checkpoints) {

  /** A step of an attempt. */
  @Schema(name = "JobCheckpoint", description = "What its tool calls a step, and how long it took.")
  record Checkpoint(
      @Schema(description = "other is the sum of steps beyond the first 50 names.") String name,
      @Schema(description = "How often it began.") long count,
      @Schema(description = "How many seconds all of them took together.") double seconds) {}

  /** Why an attempt failed. */
  @Schema(name = "JobAttemptError", description = "Why an attempt failed.")
  record Failure(
      @Schema(example = "TIMEOUT") String code,
      @Schema(description = "Cut after 300 bytes.") String message) {}

  static AttemptView of(JobAttempt attempt) {
    JobAttempt.Failure error = attempt.error();
    return new AttemptView(
        attempt.number(),
        attempt.startedAt(),
        attempt.finishedAt(),
        attempt.worker(),
        error == null ? null : new Failure(error.code(), error.message()),
        attempt.checkpoints().stream()
            .map(step ->
                new Checkpoint(
                    step.name(), step.count(), Math.floorDiv(step.took().toNanos(), 1_000) / 1e6))
            .toList());
  }
}
