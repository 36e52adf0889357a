package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.longhaul.intake.flow.FlowResult;
import dev.longhaul.job.JobState;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One job of a batch or chain with its result, as far as there is one. */
@Schema(name = "FlowResult", description = "One job of a batch or chain and how it ended.")
@Answer
record FlowItem(
    @Schema(description = "Its place, counted from 0.") int index,
    @Schema(description = "The job: GET /jobs/{id} shows it.") String id,
    @Schema(description = "Its state; null when it has expired.") @Nullable String state,
    @JsonRawValue
        @Schema(
            description =
                "What GET /jobs/{id}/result answers; null while it has not ended, or when its"
                    + " result has expired.",
            type = "object")
        @Nullable String result) {

  static FlowItem of(FlowResult result, JsonMapper json) {
    JobState state = result.state();
    return new FlowItem(
        result.index(),
        result.id().value(),
        state == null ? null : state.wire(),
        result.outcome() == null ? null : ResultDocument.of(result.outcome(), json).json());
  }
}
