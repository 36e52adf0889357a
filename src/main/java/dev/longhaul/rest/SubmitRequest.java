package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** What {@code POST /jobs} takes; here for the API description, {@link SubmitReader} reads it. */
@Schema(description = "A request to run something as a job.")
record SubmitRequest(
    @Schema(
            description = "The MCP method to run.",
            allowableValues = "tools/call",
            requiredMode = Schema.RequiredMode.REQUIRED)
        String method,
    @Schema(
            description = "The method's params: for tools/call the tool's name and arguments.",
            example = "{\"name\":\"compute_hash\",\"arguments\":{\"data\":\"abc\"}}",
            requiredMode = Schema.RequiredMode.REQUIRED)
        Map<String, Object> params,
    @Schema(
            description =
                "urgent (20), high (10), default (0), low (-10), or a number of -1000 to"
                    + " 1000. Default: the tool's.",
            oneOf = {String.class, Integer.class},
            example = "high")
        Object priority,
    @JsonProperty("delay_seconds")
        @Schema(
            description = "How long to wait before the job may start. Default 0.",
            minimum = "0")
        Double delaySeconds,
    @JsonProperty("timeout_seconds")
        @Schema(description = "How long one attempt may run. Default: the tool's.")
        Double timeoutSeconds,
    @JsonProperty("max_attempts")
        @Schema(
            description = "How many attempts may start. Default: the tool's.",
            minimum = "1",
            maximum = "100")
        Integer maxAttempts,
    @Schema(description = "Text of yours that comes back with the job; never interpreted.")
        Map<String, String> metadata) {}
