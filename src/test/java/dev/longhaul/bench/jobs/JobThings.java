package dev.longhaul.bench.jobs;

import dev.longhaul.tool.JobContext;
import java.time.Duration;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/** Tools of {@code make bench-mcp} that only systems with jobs serve: Longhaul, and FastMCP. */
@Component
public class JobThings {

  /** Lasts so long that its process can be killed meanwhile. */
  @McpTool(
      name = "slow_echo",
      description = "Gives back a text after some seconds",
      generateOutputSchema = false,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  public String slowEcho(String text, int seconds) throws InterruptedException {
    Thread.sleep(Duration.ofSeconds(seconds));
    return text;
  }

  @McpTool(
      name = "report",
      description = "Reports progress that many times",
      generateOutputSchema = false,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  public String report(int count) {
    JobContext job = JobContext.current();
    for (int i = 1; i <= count; i++) {
      job.progress((double) i / count, "step " + i);
    }
    return "reported " + count;
  }
}
