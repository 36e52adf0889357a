package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.wire.MirroredParams;
import dev.longhaul.tool.TaskSupport;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool as this front door shows it.
 *
 * @param description its entry in tools/list
 * @param latestLegacyDescription its entry for 2025-11-25, whose schemas allow less
 * @param legacyDescription its entry for the revisions before
 * @param mirrored which of its arguments clients repeat in headers
 * @param taskSupport whether its calls can be tasks
 */
public record ServedTool(
    String name,
    ObjectNode description,
    ObjectNode latestLegacyDescription,
    ObjectNode legacyDescription,
    MirroredParams mirrored,
    TaskSupport taskSupport) {

  /** Its entry on 2025-11-25, which also says whether it runs as a task. */
  public ObjectNode legacyTaskDescription() {
    ObjectNode withTasks = JsonNodeFactory.instance.objectNode().setAll(latestLegacyDescription);
    withTasks.remove("execution");
    if (taskSupport != TaskSupport.FORBIDDEN) {
      withTasks.putObject("execution").put("taskSupport", taskSupport.wire());
    }
    return withTasks;
  }
}
