package dev.longhaul.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the result. Times are in milliseconds, of the calls that succeeded; null without one.
 *
 * @param calls how many were made, failed ones too
 * @param callsPerSecond of the calls that succeeded
 */
record BenchRow(
    @JsonProperty("target") String label,
    @JsonProperty("concurrency") int concurrency,
    @JsonProperty("calls") int calls,
    @JsonProperty("failures") int failures,
    @JsonProperty("mean_ms") @Nullable Double mean,
    @JsonProperty("p50_ms") @Nullable Double p50,
    @JsonProperty("p95_ms") @Nullable Double p95,
    @JsonProperty("p99_ms") @Nullable Double p99,
    @JsonProperty("max_ms") @Nullable Double max,
    @JsonProperty("calls_per_second") double callsPerSecond) {

  static String header(int width) {
    return String.format(
        Locale.ROOT,
        "%-" + width + "s %8s %8s %8s %9s %9s %9s %9s %9s %9s",
        "",
        "at once",
        "calls",
        "failed",
        "mean ms",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "max ms",
        "calls/s");
  }

  String line(int width) {
    return String.format(
        Locale.ROOT,
        "%-" + width + "s %8d %8d %8d %9s %9s %9s %9s %9s %9.1f",
        label,
        concurrency,
        calls,
        failures,
        millis(mean),
        millis(p50),
        millis(p95),
        millis(p99),
        millis(max),
        callsPerSecond);
  }

  private static String millis(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
