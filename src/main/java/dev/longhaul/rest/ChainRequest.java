package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longhaul.rest.BatchRequest.FlowJobRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** What {@code POST /chains} takes; here for the API description. */
@Schema(description = "Jobs to be done one after the other.")
record ChainRequest(
    @Schema(description = "What you call it.", maxLength = 200) String name,
    @Schema(description = "The queue all its steps wait in. Default: each tool's own.")
        String queue,
    @Schema(
            description =
                "The steps. In their arguments {{RESULT_FROM_PREVIOUS}}, {{previous#/pointer}} and"
                    + " {{steps.1#/pointer}} stand for results of steps before.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        List<FlowJobRequest> steps,
    @Schema(description = "Jobs to start when it has completed; at most 10.")
        List<FlowJobRequest> then,
    @JsonProperty("catch") @Schema(description = "Jobs to start when a step fails; at most 10.")
        List<FlowJobRequest> onFailure,
    @JsonProperty("finally") @Schema(description = "Jobs to start at its end; at most 10.")
        List<FlowJobRequest> atEnd,
    @JsonProperty("idempotency_key") @Schema(maxLength = 255) String idempotencyKey,
    @JsonProperty("callback_url")
        @Schema(description = "Where a signed POST tells of its end.", maxLength = 2000)
        String callbackUrl,
    @JsonProperty("notify") @Schema(description = "Further channels that tell of its end.")
        List<String> channels) {}
