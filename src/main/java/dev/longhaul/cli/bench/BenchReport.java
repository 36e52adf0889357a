package dev.longhaul.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * The result of a benchmark.
 *
 * @param server its name and version
 * @param url the MCP endpoint
 * @param as {@code calls} over MCP, or {@code jobs} over REST
 * @param interrupted whether it was ended early
 * @param rows what was measured
 * @param errors why calls failed, and how often
 */
record BenchReport(
    @JsonProperty("server") String server,
    @JsonProperty("url") String url,
    @JsonProperty("as") String as,
    @JsonProperty("interrupted") boolean interrupted,
    @JsonProperty("rows") List<BenchRow> rows,
    @JsonProperty("errors") Map<String, Integer> errors) {

  BenchReport {
    rows = List.copyOf(rows);
    errors = Map.copyOf(errors);
  }

  boolean hasFailures() {
    return rows.stream().anyMatch(row -> row.failures() > 0);
  }

  void print(PrintStream out) {
    int width = rows.stream().mapToInt(row -> row.label().length()).max().orElse(0);
    out.println(server + " at " + url + ", " + as + (interrupted ? ", interrupted" : ""));
    out.println(BenchRow.header(width));
    rows.forEach(row -> out.println(row.line(width)));
    errors.forEach((message, count) -> out.println("failed " + count + " times: " + message));
  }
}
