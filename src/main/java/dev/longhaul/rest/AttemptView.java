package dev.longhaul.rest;

import dev.longhaul.job.JobAttempt;
import dev.longhaul.rest.Answer.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
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
    @Schema(description = "Why it failed; null if it did not.") @Nullable Failure error) {

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
        error == null ? null : new Failure(error.code(), error.message()));
  }
}
