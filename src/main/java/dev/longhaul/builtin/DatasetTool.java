package dev.longhaul.builtin;

import dev.longhaul.builtin.dataset.DatasetFormat;
import dev.longhaul.builtin.dataset.DatasetProfile;
import dev.longhaul.builtin.dataset.DatasetProfiler;
import dev.longhaul.builtin.dataset.DatasetSource;
import dev.longhaul.builtin.dataset.ProfileWatch;
import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.tool.InputRules;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolAnswer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.util.unit.DataSize;

/** The tool profile_dataset. */
public class DatasetTool {
  private final DataDirectory directory;
  private final DatasetProfiler profiler;
  private final DataSize maxInline;

  DatasetTool(BuiltinProperties properties) {
    this.directory = new DataDirectory(properties.dataDirectory());
    this.profiler = new DatasetProfiler(properties.profile().limits());
    this.maxInline = properties.maxInline();
  }

  /** Profiles a file of the data directory, or text. */
  @McpTool(
      name = "profile_dataset",
      title = "Profile a dataset",
      description =
          "Reads a whole CSV or JSON-lines dataset of any size and describes every column: type,"
              + " nulls, distinct values, minimum, maximum, mean, median, top values; and malformed"
              + " rows. Give path or content. Large files take minutes; cancelling keeps the profile"
              + " so far.",
      generateOutputSchema = true,
      annotations =
          @McpTool.McpAnnotations(
              title = "Profile a dataset",
              readOnlyHint = true,
              destructiveHint = false,
              idempotentHint = true,
              openWorldHint = false))
  @LonghaulTool(queue = ToolPolicy.CPU_QUEUE)
  @InputRules(exactlyOneOf = {"path", "content"})
  public ToolAnswer<DatasetProfile> profileDataset(
      @McpToolParam(
              description = "A file in the server's data directory, such as shipments.csv",
              required = false)
          @Nullable String path,
      @McpToolParam(description = "The data itself, instead of path", required = false)
          @Nullable String content,
      @McpToolParam(
              description =
                  "csv (its first row names the columns) or jsonl (a JSON object a line); guessed if"
                      + " left out",
              required = false)
          @Nullable DatasetFormat format)
      throws IOException {
    return answer(profiler.profile(source(path, content), format, watch()));
  }

  static ToolAnswer<DatasetProfile> answer(DatasetProfile profile) {
    ToolAnswer<DatasetProfile> answer =
        ToolAnswer.of(profile.summary(), profile)
            .count("rows", profile.rows())
            .count("malformed_rows", profile.malformedRows())
            .count("columns", profile.columns().size());
    for (String warning : profile.warnings()) {
      answer = answer.warning("DATA_QUALITY", warning);
    }
    return answer;
  }

  private DatasetSource source(@Nullable String path, @Nullable String content) throws IOException {
    if (path != null && content == null) {
      return DatasetSource.file(path, directory.resolve(path));
    }
    if (content != null && path == null) {
      InlineText.require("content", content, maxInline);
      return DatasetSource.inline(content);
    }
    throw new PermanentFailureException(
        "Give profile_dataset exactly one of 'path' and 'content'; "
            + (path == null ? "neither" : "both")
            + " came.");
  }

  private static ProfileWatch watch() {
    return JobContext.find().<ProfileWatch>map(JobWatch::new).orElse(ProfileWatch.NOBODY);
  }
}
