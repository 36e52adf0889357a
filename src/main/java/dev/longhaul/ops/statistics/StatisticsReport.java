package dev.longhaul.ops.statistics;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longhaul.ops.statistics.StatisticsStore.Hour;
import dev.longhaul.ops.statistics.StatisticsStore.Recent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The statistics as REST and Actuator show them: of each operation the sums of all hours, and each
 * hour that has calls.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(
    name = "Statistics",
    description = "What operations did in the last hours, in all processes together.")
public record StatisticsReport(
    @JsonProperty("at")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Schema(description = "When this was read, by Redis' clock.")
        Instant at,
    @JsonProperty("hours") @Schema(description = "How many hours this covers.") int hours,
    @JsonProperty("sample_rate")
        @Schema(
            description =
                "Which part of the calls the process that answers measures; all are counted.")
        double sampleRate,
    @JsonProperty("operations") List<OfOperation> operations) {

  /** The statistics of one operation. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @Schema(name = "OperationStatistics", description = "What one operation did.")
  public record OfOperation(
      @JsonProperty("operation")
          @Schema(
              description =
                  "A method of MCP, with the tool, resource or prompt that it names; other is the sum of"
                      + " those of which there are too many.",
              example = "tools/call build_report")
          String operation,
      @JsonProperty("kind")
          @Schema(
              description =
                  "inline: ran in its request; job: an attempt of a job;"
                      + " checkpoint: a step of a tool, named after the #.",
              allowableValues = {"inline", "job", "checkpoint"})
          String kind,
      @JsonProperty("total") @Schema(description = "The sum of the hours.") Figures total,
      @JsonProperty("by_hour") @Schema(description = "Those with calls, the latest first.")
          List<OfHour> byHour) {}

  /** One hour of an operation. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @Schema(name = "HourStatistics", description = "What an operation did in one hour.")
  public record OfHour(
      @JsonProperty("hour")
          @JsonFormat(shape = JsonFormat.Shape.STRING)
          @Schema(description = "When the hour began.")
          Instant hour,
      @JsonProperty("figures") Figures figures) {}

  /** The figures of an hour, or of several. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @Schema(
      name = "OperationFigures",
      description = "Times are in seconds, and null if no call was measured.")
  public record Figures(
      @JsonProperty("count") @Schema(description = "How many calls ended.") long count,
      @JsonProperty("failures")
          @Schema(description = "How many of them failed, or ended with isError.")
          long failures,
      @JsonProperty("measured")
          @Schema(description = "Of how many the times are; fewer than count with a sample rate.")
          long measured,
      @JsonProperty("mean_seconds") @Nullable Double meanSeconds,
      @JsonProperty("p50_seconds") @Schema(description = "The median, exact to about 10 %.")
          @Nullable Double p50Seconds,
      @JsonProperty("p95_seconds")
          @Schema(description = "What 95 of 100 calls did not exceed, exact to about 10 %.")
          @Nullable Double p95Seconds,
      @JsonProperty("max_seconds") @Nullable Double maxSeconds,
      @JsonProperty("mean_allocated_bytes")
          @Schema(
              description =
                  "The memory that a call allocated on average, where the thread that ran it knows"
                      + " that; else null.")
          @Nullable Long meanAllocatedBytes) {

    static Figures of(Counts counts) {
      return new Figures(
          counts.count(),
          counts.failures(),
          counts.timed(),
          seconds(counts.mean()),
          seconds(counts.percentile(0.5)),
          seconds(counts.percentile(0.95)),
          seconds(counts.max()),
          counts.meanBytes().orElse(null));
    }

    private static @Nullable Double seconds(Optional<Duration> time) {
      return time.map(its -> Math.round(its.toNanos() / 1e3) / 1e6).orElse(null);
    }
  }

  /**
   * The report.
   *
   * @param operation only the one with this name, or null for all
   */
  static StatisticsReport of(
      Recent recent, int hours, double sampleRate, @Nullable String operation) {
    Map<Operation, List<OfHour>> byHour =
        new TreeMap<>(Comparator.comparing(Operation::name).thenComparing(Operation::kind));
    Map<Operation, Counts> totals = new HashMap<>();
    for (Hour hour : recent.hours()) {
      hour.operations()
          .forEach((its, counts) -> {
            if (operation == null || operation.equals(its.name())) {
              byHour
                  .computeIfAbsent(its, _ -> new ArrayList<>())
                  .add(new OfHour(hour.begin(), Figures.of(counts)));
              totals.merge(its, counts, Counts::plus);
            }
          });
    }
    return new StatisticsReport(
        recent.at(),
        hours,
        sampleRate,
        byHour.entrySet().stream()
            .map(entry ->
                new OfOperation(
                    entry.getKey().name(),
                    entry.getKey().kind().wire(),
                    Figures.of(totals.getOrDefault(entry.getKey(), Counts.NONE)),
                    List.copyOf(entry.getValue())))
            .toList());
  }
}
