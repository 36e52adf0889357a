package dev.longhaul.builtin.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The profile of a dataset.
 *
 * @param summary the profile in a few sentences; the summary of the tool's answer
 * @param warnings problems of the data; warnings of the tool's answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "format",
  "delimiter",
  "complete",
  "rows",
  "malformed_rows",
  "bytes_read",
  "bytes_total",
  "columns",
  "malformed_examples"
})
public record DatasetProfile(
    @JsonIgnore String summary,
    @JsonProperty("format") String format,
    @JsonProperty(value = "delimiter", required = false) @Nullable String delimiter,
    @JsonProperty("complete") @JsonPropertyDescription("false: reading was stopped")
        boolean complete,
    @JsonProperty("rows") long rows,
    @JsonProperty("malformed_rows") long malformedRows,
    @JsonProperty("bytes_read") long bytesRead,
    @JsonProperty("bytes_total") long bytesTotal,
    @JsonProperty("columns") List<ColumnProfile> columns,
    @JsonProperty("malformed_examples") List<MalformedRow> malformedExamples,
    @JsonIgnore List<String> warnings) {

  /**
   * A row that could not be read.
   *
   * @param line the line where it starts, counted from 1
   */
  @JsonPropertyOrder({"line", "reason"})
  public record MalformedRow(
      @JsonProperty("line") long line, @JsonProperty("reason") String reason) {}
}
