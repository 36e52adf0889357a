package dev.longhaul.intake;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.tool.Execution;
import org.springframework.context.SmartLifecycle;

/**
 * Reads, when the process starts, how long the tools take that run inline or queued as that
 * decides: other processes may know already that one of them is slow.
 */
final class AutoTools implements SmartLifecycle {
  private final ToolCatalogue tools;
  private final RunTimes times;
  private volatile boolean running;

  AutoTools(ToolCatalogue tools, RunTimes times) {
    this.tools = tools;
    this.times = times;
  }

  @Override
  public void start() {
    times.prepare(
        tools.all().stream()
            .filter(tool -> tool.policy().execution() == Execution.AUTO)
            .map(Tool::name)
            .toList());
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server. */
  @Override
  public int getPhase() {
    return 0;
  }
}
