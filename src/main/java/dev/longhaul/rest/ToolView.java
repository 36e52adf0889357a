package dev.longhaul.rest;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolPolicy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tool as this front door shows it; its schemas and annotations are unchanged. */
@Schema(name = "Tool", description = "A tool that can be called.")
@Answer
record ToolView(
    String name,
    @Nullable String title,
    @Nullable String description,
    @Schema(implementation = Object.class, description = "JSON Schema 2020-12 of the arguments.")
        JsonNode inputSchema,
    @Schema(implementation = Object.class, description = "JSON Schema of structuredContent.")
        @Nullable JsonNode outputSchema,
    @Schema(implementation = Object.class, description = "MCP's tool annotations.")
        @Nullable JsonNode annotations,
    @Schema(
            description =
                "Where MCP calls run: auto decides call by call; over REST every call is a job.",
            allowableValues = {"inline", "queued", "auto"})
        String execution,
    String queue,
    String priority,
    double timeoutSeconds,
    int maxAttempts,
    @Schema(description = "Whether it may run again after a lost worker or an exception.")
        boolean repeatable,
    @Schema(description = "How many of its jobs run at once, over all workers; null: no limit.")
        @Nullable Integer concurrency,
    @Schema(
            description = "How often it is called, over all workers; null: no limit.",
            example = "10/s")
        @Nullable String rate,
    @Schema(description = "How long a held MCP call waits; null: as longhaul.mcp.hold says.")
        @Nullable Double holdSeconds,
    @Schema(description = "How long a result may be used again; null: never.")
        @Nullable Double cacheSeconds,
    @Schema(description = "How long a call takes, while there is no history of its run times.")
        double estimateSeconds,
    @Schema(
            description =
                "After what time a run is reported as slow; 0: never; null: as longhaul.slow-operations"
                    + " says.")
        @Nullable Double slowAfterSeconds) {

  static ToolView of(Tool tool) {
    JsonNode description = tool.description();
    ToolPolicy policy = tool.policy();
    return new ToolView(
        tool.name(),
        text(description.get("title")),
        text(description.get("description")),
        description.path("inputSchema"),
        description.get("outputSchema"),
        description.get("annotations"),
        policy.execution().name().toLowerCase(Locale.ROOT),
        policy.queue(),
        policy.priority().wire(),
        seconds(policy.timeout()),
        policy.retry().maxAttempts(),
        policy.retry().repeatable(),
        policy.limits().concurrency(),
        policy.limits().toolRate() == null ? null : policy.limits().toolRate().toString(),
        policy.hold() == null ? null : seconds(policy.hold()),
        policy.cache() == null ? null : seconds(policy.cache()),
        seconds(policy.estimate()),
        policy.slowAfter() == null ? null : seconds(policy.slowAfter()));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : node.asString();
  }

  /** All tools. */
  @Schema(name = "ToolList")
  record All(List<ToolView> tools) {}
}
