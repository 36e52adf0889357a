package dev.longhaul.worker;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.job.LocalPools;
import dev.longhaul.tool.Execution;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds tools whose queue no pool of this process works on, perhaps because of a misspelt name. */
final class UnservedTools {
  private static final Logger log = LoggerFactory.getLogger(UnservedTools.class);

  private UnservedTools() {}

  /**
   * The tools whose queue no pool of this process works on.
   *
   * @param served the queues that this process's pools work on
   */
  static List<Tool> of(ToolCatalogue tools, Set<String> served) {
    return tools.all().stream()
        .filter(tool -> tool.policy().execution() != Execution.INLINE && !tool.policy().internal())
        .filter(tool -> !served.contains(tool.policy().queue()))
        .filter(tool -> !LocalPools.isReserved(tool.policy().queue()))
        .toList();
  }

  static void warn(Tool tool) {
    log.warn(
        "No pool of this process works on queue {} of tool {} (longhaul.tools.{}.queue); its jobs"
            + " wait for another worker, unless longhaul.worker.pools.<name>.queues names the"
            + " queue",
        tool.policy().queue(),
        tool.name(),
        tool.name());
  }
}
