package dev.longhaul.tool.builtin.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is in one column. What does not apply to its type is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "name",
  "type",
  "count",
  "nulls",
  "distinct",
  "distinct_exact",
  "type_counts",
  "min",
  "max",
  "mean",
  "p50",
  "p95",
  "earliest",
  "latest",
  "min_length",
  "max_length",
  "top_values"
})
public record ColumnProfile(
    @JsonProperty("name") String name,
    @JsonProperty("type")
        @JsonPropertyDescription(
            "integer, number, boolean, date, timestamp, string, json, mixed (see type_counts) or"
                + " empty (only nulls)")
        String type,
    @JsonProperty("count") @JsonPropertyDescription("Values that are not null") long count,
    @JsonProperty("nulls") @JsonPropertyDescription("Rows without a value") long nulls,
    @JsonProperty("distinct") @JsonPropertyDescription("Different values") long distinct,
    @JsonProperty("distinct_exact")
        @JsonPropertyDescription(
            "Whether distinct and the counts of top_values are exact; otherwise estimates")
        boolean distinctExact,
    @JsonProperty(value = "type_counts", required = false)
        @JsonPropertyDescription("Values of each type, if the type is mixed")
        @Nullable Map<String, Long> typeCounts,
    @JsonProperty(value = "min", required = false)
        @JsonPropertyDescription("Smallest of the numbers")
        @Nullable Number min,
    @JsonProperty(value = "max", required = false)
        @JsonPropertyDescription("Largest of the numbers")
        @Nullable Number max,
    @JsonProperty(value = "mean", required = false)
        @JsonPropertyDescription("Arithmetic mean of the numbers")
        @Nullable Double mean,
    @JsonProperty(value = "p50", required = false)
        @JsonPropertyDescription("Median of the numbers, approximate")
        @Nullable Double p50,
    @JsonProperty(value = "p95", required = false)
        @JsonPropertyDescription("95th percentile of the numbers, approximate")
        @Nullable Double p95,
    @JsonProperty(value = "earliest", required = false)
        @JsonPropertyDescription("First of the dates and timestamps, as written")
        @Nullable String earliest,
    @JsonProperty(value = "latest", required = false)
        @JsonPropertyDescription("Last of the dates and timestamps, as written")
        @Nullable String latest,
    @JsonProperty(value = "min_length", required = false)
        @JsonPropertyDescription("Characters of the shortest string")
        @Nullable Integer minLength,
    @JsonProperty(value = "max_length", required = false)
        @JsonPropertyDescription("Characters of the longest string")
        @Nullable Integer maxLength,
    @JsonProperty("top_values")
        @JsonPropertyDescription("Up to ten most frequent values, the most frequent first")
        List<TopValue> topValues) {

  /** A value and how often it occurs. */
  @JsonPropertyOrder({"value", "count"})
  public record TopValue(@JsonProperty("value") String value, @JsonProperty("count") long count) {}
}
