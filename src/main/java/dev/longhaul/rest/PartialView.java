package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.longhaul.job.Job;
import dev.longhaul.job.Partial;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The partial result of a job. */
@Schema(name = "JobPartial", description = "What a job has so far.")
@Answer
record PartialView(
    String jobId,
    String state,
    @Schema(description = "Null if its tool reported nothing, and of a completed job.")
        @Nullable Reported partial) {

  /** A partial result that a tool has reported. */
  @Schema(name = "PartialResult", description = "What a tool reported before its end.")
  @Answer
  record Reported(
      @Schema(description = "How many items are done; null if the tool did not say.")
          @Nullable Long processed,
      @Schema(description = "How many there are; null if that is unknown.") @Nullable Long total,
      @Nullable Long remaining,
      @JsonRawValue @Schema(description = "The results so far.") String value) {}

  static PartialView of(Job job, @Nullable Partial partial) {
    return new PartialView(
        job.id().value(),
        job.state().wire(),
        partial == null
            ? null
            : new Reported(
                partial.processed(), partial.total(), partial.remaining(), partial.json()));
  }
}
