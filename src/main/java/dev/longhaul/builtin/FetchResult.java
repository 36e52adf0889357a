package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.builtin.fetch.FetchError;
import dev.longhaul.builtin.fetch.UrlOutcome;
import dev.longhaul.tool.ToolAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The results of fetching several URLs. */
public record FetchResult(
    @JsonProperty("results") @JsonPropertyDescription("In the order of urls")
        List<UrlOutcome> results) {

  /**
   * Builds the tool's answer.
   *
   * @param total the number of requested URLs; there are fewer results if fetching was stopped
   */
  static ToolAnswer<FetchResult> answer(List<UrlOutcome> results, int total) {
    int succeeded = (int) results.stream().filter(UrlOutcome::ok).count();
    int failed = results.size() - succeeded;
    Map<String, List<UrlOutcome>> byCode = byCode(results);
    StringBuilder summary =
        new StringBuilder(String.format(Locale.ROOT, "%d of %d URLs fetched", succeeded, total));
    if (failed > 0) {
      summary.append(", ").append(failed).append(" failed (").append(codes(byCode)).append(')');
    }
    if (results.size() < total) {
      summary.append(", ").append(total - results.size()).append(" not finished");
    }
    ToolAnswer<FetchResult> answer =
        ToolAnswer.of(summary.append('.').toString(), new FetchResult(List.copyOf(results)))
            .count("total", total)
            .count("succeeded", succeeded)
            .count("failed", failed);
    for (List<UrlOutcome> same : byCode.values()) {
      answer = withError(answer, same);
    }
    return answer;
  }

  // One error per code; the results contain the error of each URL.
  private static ToolAnswer<FetchResult> withError(
      ToolAnswer<FetchResult> answer, List<UrlOutcome> same) {
    UrlOutcome first = same.getFirst();
    FetchError error = first.error();
    if (error == null) {
      return answer;
    }
    String others = same.size() == 1 ? "" : " (and " + (same.size() - 1) + " more URLs like it)";
    return answer.error(
        error.code(),
        error.type(),
        first.url() + ": " + error.message() + others,
        error.remediation());
  }

  private static Map<String, List<UrlOutcome>> byCode(List<UrlOutcome> results) {
    Map<String, List<UrlOutcome>> codes = new TreeMap<>();
    for (UrlOutcome result : results) {
      FetchError error = result.error();
      if (error != null) {
        codes.computeIfAbsent(error.code(), code -> new ArrayList<>()).add(result);
      }
    }
    return codes;
  }

  private static String codes(Map<String, List<UrlOutcome>> byCode) {
    return byCode.entrySet().stream()
        .map(e -> e.getKey() + " × " + e.getValue().size())
        .collect(Collectors.joining(", "));
  }
}
