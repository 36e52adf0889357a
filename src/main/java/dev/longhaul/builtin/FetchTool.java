package dev.longhaul.builtin;

import dev.longhaul.builtin.fetch.FetchWatch;
import dev.longhaul.builtin.fetch.UrlFetcher;
import dev.longhaul.builtin.fetch.UrlOutcome;
import dev.longhaul.tool.InputRules;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolAnswer;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;

/** The tool fetch_urls. */
public class FetchTool {
  private static final int DEFAULT_CONCURRENT = 10;
  private static final int MAX_CONCURRENT = 50;
  private static final int DEFAULT_TIMEOUT_SECONDS = 30;
  private static final int MAX_TIMEOUT_SECONDS = 300;

  private final UrlFetcher fetcher;
  private final int maxUrls;

  FetchTool(UrlFetcher fetcher, int maxUrls) {
    this.fetcher = fetcher;
    this.maxUrls = maxUrls;
  }

  /** Fetches URLs. */
  @SuppressWarnings("MemberName") // Spring AI uses the parameter names as argument names.
  @McpTool(
      name = "fetch_urls",
      title = "Fetch URLs",
      description =
          "Fetches http(s) URLs with GET, many at once. Returns of each its status, content type and"
              + " text, or an error and what to do about it. Follows redirects, refuses private and"
              + " local addresses, cuts long bodies off, only describes binary ones.",
      generateOutputSchema = true,
      annotations =
          @McpTool.McpAnnotations(
              title = "Fetch URLs",
              readOnlyHint = true,
              destructiveHint = false,
              idempotentHint = true,
              openWorldHint = true))
  @InputRules
  public ToolAnswer<FetchResult> fetchUrls(
      @McpToolParam(description = "Absolute http or https URLs", required = true) List<String> urls,
      @McpToolParam(description = "At once, 1 to 50, default 10", required = false)
          @Nullable Integer max_concurrent,
      @McpToolParam(description = "For each URL, 1 to 300, default 30", required = false)
          @Nullable Integer timeout_seconds)
      throws IOException {
    if (urls.isEmpty() || urls.size() > maxUrls) {
      throw new PermanentFailureException(
          "'urls' has " + urls.size() + " entries; give 1 to " + maxUrls + " in one call.");
    }
    int concurrent = inRange("max_concurrent", max_concurrent, DEFAULT_CONCURRENT, MAX_CONCURRENT);
    int timeout =
        inRange("timeout_seconds", timeout_seconds, DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS);
    return FetchResult.answer(fetcher.fetch(urls, concurrent, timeout, watch()), urls.size());
  }

  private static int inRange(String argument, @Nullable Integer given, int otherwise, int max) {
    int value = Objects.requireNonNullElse(given, otherwise);
    if (value < 1 || value > max) {
      throw new PermanentFailureException(
          "'" + argument + "' is " + value + "; give a whole number from 1 to " + max + ".");
    }
    return value;
  }

  private static FetchWatch watch() {
    return JobContext.find().<FetchWatch>map(Watch::new).orElse(FetchWatch.NOBODY);
  }

  private record Watch(JobContext job) implements FetchWatch {
    @Override
    public boolean stopRequested() {
      return job.cancelled();
    }

    @Override
    public void finished(List<UrlOutcome> soFar, int total) {
      job.progress((double) soFar.size() / total, soFar.size() + " of " + total + " URLs done");
    }

    @Override
    public void stopped(List<UrlOutcome> soFar, int total) {
      job.partial(FetchResult.answer(soFar, total), soFar.size(), (long) total);
      job.checkpoint("fetching");
    }
  }
}
