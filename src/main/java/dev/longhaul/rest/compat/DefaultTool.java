package dev.longhaul.rest.compat;

import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.catalog.ToolSettingsException;
import dev.longhaul.schema.NearestName;
import java.util.List;
import java.util.Optional;

/**
 * The tool of requests that name none. If the configured one does not exist, the start fails: after
 * all tools are registered, and before anything is served.
 */
final class DefaultTool {
  static final String SETTING = "longhaul.compat.queuemgr.default-tool";

  private final String name;
  private final ToolCatalogue tools;

  DefaultTool(QueuemgrProperties properties, ToolCatalogue tools) {
    this.name = properties.defaultTool();
    this.tools = tools;
  }

  /** Its name; empty if none is configured and the built-in tools are switched off. */
  Optional<String> name() {
    return tools.find(name).map(Tool::name);
  }

  void check() {
    if (tools.find(name).isEmpty() && !name.equals(QueuemgrProperties.DEMO)) {
      List<String> names = tools.all().stream().map(Tool::name).sorted().toList();
      throw new ToolSettingsException(
          SETTING + "=" + name + ": the tool " + name + " is " + nearest(names),
          "Correct the name or leave the setting out. The tools of this process are "
              + String.join(", ", names)
              + "; if one is missing, look whether its jar lies in the directory of LONGHAUL_TOOL_PATH"
              + " and its package in longhaul.tools.scan-packages.");
    }
  }

  private String nearest(List<String> names) {
    return NearestName.nearest(name, names)
        .map(meant -> "unknown; did you mean \"" + meant + "\"?")
        .orElse("unknown.");
  }
}
