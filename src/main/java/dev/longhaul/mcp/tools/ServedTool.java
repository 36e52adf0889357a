package dev.longhaul.mcp.tools;

import dev.longhaul.schema.MirroredParams;
import dev.longhaul.tool.TaskSupport;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool as MCP clients see it.
 *
 * @param description its entry in tools/list
 * @param latestLegacyDescription its entry on 2025-11-25, which allows fewer output schemas
 * @param legacyDescription its entry on the revisions before that
 * @param mirrored the arguments that clients repeat in headers
 * @param taskSupport whether its calls can be tasks
 */
public record ServedTool(
    String name,
    ObjectNode description,
    ObjectNode latestLegacyDescription,
    ObjectNode legacyDescription,
    MirroredParams mirrored,
    TaskSupport taskSupport) {

  /** Its entry on 2025-11-25, with its task support. */
  public ObjectNode legacyTaskDescription() {
    ObjectNode withTasks = JsonNodeFactory.instance.objectNode().setAll(latestLegacyDescription);
    withTasks.remove("execution");
    if (taskSupport != TaskSupport.FORBIDDEN) {
      withTasks.putObject("execution").put("taskSupport", taskSupport.wire());
    }
    return withTasks;
  }
}
