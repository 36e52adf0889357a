package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;

/** What {@code POST /batches} takes; here for the API description. */
@Schema(description = "Many jobs submitted as one. Give either jobs or chunk.")
record BatchRequest(
    @Schema(description = "What you call it.", maxLength = 200) String name,
    @Schema(description = "The queue all its jobs wait in. Default: each tool's own.") String queue,
    @Schema(description = "Its jobs, up to longhaul.flows.request.max-jobs.")
        List<FlowJobRequest> jobs,
    @Schema(
            description =
                "A job request and besides list, the argument that is a list, and size (default"
                    + " 100): a job is made for each chunk of so many items.",
            example =
                "{\"tool\":\"fetch_urls\",\"arguments\":{\"urls\":[\"…\"]},\"list\":\"urls\",\"size\":50}")
        Map<String, Object> chunk,
    @Schema(description = "Jobs to start when it has completed; at most 10.")
        List<FlowJobRequest> then,
    @JsonProperty("catch") @Schema(description = "Jobs to start at the first failure; at most 10.")
        List<FlowJobRequest> onFailure,
    @JsonProperty("finally") @Schema(description = "Jobs to start at its end; at most 10.")
        List<FlowJobRequest> atEnd,
    @JsonProperty("allow_failures")
        @Schema(description = "Whether the other jobs go on when one fails. Default false.")
        Boolean allowFailures,
    @JsonProperty("idempotency_key") @Schema(maxLength = 255) String idempotencyKey,
    @JsonProperty("callback_url")
        @Schema(description = "Where a signed POST tells of its end.", maxLength = 2000)
        String callbackUrl,
    @JsonProperty("notify") @Schema(description = "Further channels that tell of its end.")
        List<String> channels) {

  /** One job of it. */
  @Schema(
      name = "FlowJobRequest",
      description =
          "A job request as POST /jobs takes it, or shorter with tool and arguments, with the same"
              + " options except idempotency_key and held.")
  record FlowJobRequest(
      String tool,
      Map<String, Object> arguments,
      String method,
      Map<String, Object> params,
      @Schema(oneOf = {String.class, Integer.class}) Object priority,
      @JsonProperty("delay_seconds") Double delaySeconds,
      @JsonProperty("timeout_seconds") Double timeoutSeconds,
      @JsonProperty("max_attempts") Integer maxAttempts,
      Map<String, String> metadata) {}
}
