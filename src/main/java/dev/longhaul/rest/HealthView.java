package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.ops.health.HealthFigures;
import dev.longhaul.ops.health.HealthReport;
import dev.longhaul.rest.Answer.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The health of the installation. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Health", description = "Whether the installation is healthy, and by what figures.")
record HealthView(
    @Schema(
            description = "unhealthy if a figure is beyond its threshold, or Redis cannot be read.",
            allowableValues = {"healthy", "unhealthy"})
        String status,
    @Schema(description = "Only for callers who may read metrics.") @Nullable Metrics metrics,
    @Timestamp @Schema(description = "When the figures were read.") Instant timestamp) {

  /** The figures. */
  @Answer
  @Schema(
      name = "HealthMetrics",
      description = "Of all processes; all are null while Redis cannot be read.")
  record Metrics(
      @Schema(description = "How many jobs wait, those that are held back included.")
          @Nullable Long queueSize,
      @Schema(
              description =
                  "How many of the jobs that ended in the last 60 minutes failed or ended with"
                      + " isError.")
          @Nullable Long failedJobs,
      @Schema(
              description =
                  "How many seconds the last attempts of these jobs ran on average; null if no job"
                      + " ended.")
          @Nullable Double averageProcessingTime,
      @Schema(description = "Which part of these jobs succeeded, 0 to 1; null if no job ended.")
          @Nullable Double successRate,
      @Schema(
              description =
                  "How many seconds the oldest waiting job has waited; null if no job waits. An"
                      + " estimate where more than 100 callers wait.")
          @Nullable Double oldestPendingJob) {

    private static Metrics of(HealthFigures figures) {
      return new Metrics(
          figures.queueSize(),
          figures.failedJobs(),
          figures.averageProcessingTime(),
          figures.successRate(),
          figures.oldestPendingJob());
    }
  }

  /**
   * The answer.
   *
   * @param complete whether the caller may see the figures
   */
  static HealthView of(HealthReport report, boolean complete) {
    return new HealthView(
        report.status(), complete ? Metrics.of(report.figures()) : null, report.at());
  }
}
