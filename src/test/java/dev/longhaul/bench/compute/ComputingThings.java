package dev.longhaul.bench.compute;

import java.util.concurrent.TimeUnit;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/** The same tool twice: it keeps a processor busy. Nothing of Longhaul is in it. */
@Component
public class ComputingThings {

  /** A job, where that is the default. */
  @McpTool(name = "compute", description = "Computes for some seconds")
  public String compute(int seconds) {
    long begun = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()
        && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) {
      Thread.onSpinWait();
    }
    return "done";
  }

  /** Runs where it is called ({@code longhaul.tools.compute_inline.execution=inline}). */
  @McpTool(name = "compute_inline", description = "Computes for some seconds")
  public String computeInline(int seconds) {
    return compute(seconds);
  }
}
