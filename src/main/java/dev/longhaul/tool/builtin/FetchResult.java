package dev.longhaul.tool.builtin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.longhaul.tool.builtin.fetch.UrlOutcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of fetching many URLs. */
@JsonPropertyOrder({"summary", "total", "succeeded", "failed", "results"})
public record FetchResult(
    @JsonProperty("summary") String summary,
    @JsonProperty("total") @JsonPropertyDescription("URLs asked for") int total,
    @JsonProperty("succeeded") @JsonPropertyDescription("URLs that answered with a 2xx")
        int succeeded,
    @JsonProperty("failed") int failed,
    @JsonProperty("results") @JsonPropertyDescription("One for each URL, in their order")
        List<UrlOutcome> results) {

  static FetchResult of(List<UrlOutcome> results, int total) {
    int succeeded = (int) results.stream().filter(UrlOutcome::ok).count();
    int failed = results.size() - succeeded;
    StringBuilder summary =
        new StringBuilder(String.format(Locale.ROOT, "%d of %d URLs fetched", succeeded, total));
    if (failed > 0) {
      summary.append(", ").append(failed).append(" failed (").append(codes(results)).append(')');
    }
    if (results.size() < total) {
      summary.append(", ").append(total - results.size()).append(" not finished");
    }
    return new FetchResult(
        summary.append('.').toString(), total, succeeded, failed, List.copyOf(results));
  }

  private static String codes(List<UrlOutcome> results) {
    Map<String, Integer> codes = new TreeMap<>();
    for (UrlOutcome result : results) {
      if (result.error() != null) {
        codes.merge(result.error().code(), 1, Integer::sum);
      }
    }
    return codes.entrySet().stream()
        .map(e -> e.getKey() + " × " + e.getValue())
        .collect(Collectors.joining(", "));
  }
}
