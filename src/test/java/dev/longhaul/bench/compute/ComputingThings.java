package dev.longhaul.bench.compute;

import java.util.concurrent.TimeUnit;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/** One CPU-bound tool under two names. It does not use Longhaul's API. */
@Component
public class ComputingThings {

  /** Runs as a job, which is the default. */
  @McpTool(name = "compute", description = "Computes for some seconds")
  public String compute(int seconds) {
    long begun = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()
        && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) {
      Thread.onSpinWait();
    }
    return "done";
  }

  /** Runs inline ({@code longhaul.tools.compute_inline.execution=inline}). */
  @McpTool(name = "compute_inline", description = "Computes for some seconds")
  public String computeInline(int seconds) {
    return compute(seconds);
  }
}
