package dev.longhaul.builtin.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The profile of one column. Fields that do not apply to its type are left out. */
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
        @JsonPropertyDescription("Such as integer, date, string, mixed (see type_counts), empty")
        String type,
    @JsonProperty("count") @JsonPropertyDescription("Without nulls") long count,
    @JsonProperty("nulls") long nulls,
    @JsonProperty("distinct") long distinct,
    @JsonProperty("distinct_exact")
        @JsonPropertyDescription("Whether distinct and top_values are no estimates")
        boolean distinctExact,
    @JsonProperty(value = "type_counts", required = false) @Nullable Map<String, Long> typeCounts,
    @JsonProperty(value = "min", required = false) @Nullable Number min,
    @JsonProperty(value = "max", required = false) @Nullable Number max,
    @JsonProperty(value = "mean", required = false) @Nullable Double mean,
    @JsonProperty(value = "p50", required = false) @JsonPropertyDescription("Approximate")
        @Nullable Double p50,
    @JsonProperty(value = "p95", required = false) @JsonPropertyDescription("Approximate")
        @Nullable Double p95,
    @JsonProperty(value = "earliest", required = false)
        @JsonPropertyDescription("Of dates, as written")
        @Nullable String earliest,
    @JsonProperty(value = "latest", required = false) @Nullable String latest,
    @JsonProperty(value = "min_length", required = false) @JsonPropertyDescription("In characters")
        @Nullable Integer minLength,
    @JsonProperty(value = "max_length", required = false) @Nullable Integer maxLength,
    @JsonProperty("top_values") @JsonPropertyDescription("The ten most frequent")
        List<TopValue> topValues) {

  /** A value and how often it occurs. */
  @JsonPropertyOrder({"value", "count"})
  public record TopValue(@JsonProperty("value") String value, @JsonProperty("count") long count) {}
}
