package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;

/** What {@code POST /jobs} takes; here for the API description, {@link SubmitReader} reads it. */
@Schema(description = "A request to run something as a job.")
record SubmitRequest(
    @Schema(
            description = "The tool to call, with arguments; instead of method and params.",
            example = "compute_hash")
        String tool,
    @Schema(description = "The tool's arguments. Default: none.", example = "{\"data\":\"abc\"}")
        Map<String, Object> arguments,
    @Schema(
            description = "The MCP method to run, with params; instead of tool and arguments.",
            allowableValues = {
              "tools/call",
              "resources/read",
              "resources/list",
              "resources/templates/list",
              "prompts/get",
              "prompts/list",
              "completion/complete",
              "tools/list"
            })
        String method,
    @Schema(
            description =
                "The method's params: for tools/call the tool's name and arguments, for"
                    + " resources/read the uri.",
            example = "{\"uri\":\"db://reports/4711\"}")
        Map<String, Object> params,
    @Schema(
            description =
                "urgent (20), high (10), default (0), low (-10), or a number of -1000 to"
                    + " 1000. Default: the tool's.",
            oneOf = {String.class, Integer.class},
            example = "high")
        Object priority,
    @Schema(
            description =
                "The named queue it waits in: one that a worker's pool serves. Default: the tool's.",
            maxLength = 100,
            example = "reports")
        String queue,
    @JsonProperty("delay_seconds")
        @Schema(
            description = "How long to wait before the job may start. Default 0.",
            minimum = "0")
        Double delaySeconds,
    @JsonProperty("run_at")
        @Schema(
            description =
                "When the job may start, instead of delay_seconds; RFC 3339. In the past: now.",
            format = "date-time",
            example = "2026-12-24T18:00:00Z")
        String runAt,
    @Schema(description = "Store it now, start it with POST /jobs/{id}/start. Default false.")
        Boolean held,
    @JsonProperty("timeout_seconds")
        @Schema(description = "How long one attempt may run. Default: the tool's.")
        Double timeoutSeconds,
    @JsonProperty("deadline_seconds")
        @Schema(
            description =
                "How long from now (or from its start, if it is held) the job may take; then it ends"
                    + " failed, DEADLINE_EXCEEDED. Default: nothing bounds the first attempt, and"
                    + " others may start until longhaul.intake.retry-until from when it may start.")
        Double deadlineSeconds,
    @JsonProperty("retry_until")
        @Schema(
            description = "Until when the job may take, instead of deadline_seconds.",
            format = "date-time",
            example = "2026-12-24T20:00:00Z")
        String retryUntil,
    @JsonProperty("max_attempts")
        @Schema(
            description = "How many attempts may start. Default: the tool's.",
            minimum = "1",
            maximum = "100")
        Integer maxAttempts,
    @JsonProperty("backoff_seconds")
        @Schema(
            description =
                "The waits before the second, third, … attempt; the last one repeats. Default: the"
                    + " tool's.",
            example = "[5, 30, 120]")
        List<Double> backoffSeconds,
    @JsonProperty("idempotency_key")
        @Schema(
            description =
                "Your name for this piece of work: submitted again under it with the same"
                    + " arguments, it is the same job. Also as the header Idempotency-Key.",
            maxLength = 255)
        String idempotencyKey,
    @Schema(
            description =
                "Start only while fewer calls of the tool run than this. At most the tool's own"
                    + " limit, which is the default.",
            minimum = "1")
        Integer concurrency,
    @Schema(
            description =
                "Start only if the tool is called no more often than this. No faster than the"
                    + " tool's own rate, which is the default.",
            example = "10/m")
        String rate,
    @JsonProperty("no_cache")
        @Schema(
            description =
                "Run it even if the tool is cacheable and an answer is kept; the new answer takes"
                    + " its place. Default false.")
        Boolean noCache,
    @Schema(description = "Text of yours that comes back with the job; never interpreted.")
        Map<String, String> metadata,
    @JsonProperty("callback_url")
        @Schema(
            description =
                "Where a POST, signed as Standard Webhooks says, tells of the job's end. Its host"
                    + " must be in longhaul.notifications.webhook.allowed-hosts.",
            maxLength = 2000,
            example = "https://hooks.example.com/longhaul")
        String callbackUrl,
    @JsonProperty("notify")
        @Schema(description = "Further channels that tell of its end.", example = "[\"event\"]")
        List<String> channels) {}
