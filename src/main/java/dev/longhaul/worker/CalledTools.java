package dev.longhaul.worker;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.queue.Claim;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds what runs a job in this process: its tool, or its MCP method adapted to a tool. */
final class CalledTools {
  private final ToolCatalogue tools;
  private final ServedMethods methods;
  private final JsonMapper json;

  CalledTools(ToolCatalogue tools, ServedMethods methods, JsonMapper json) {
    this.tools = tools;
    this.methods = methods;
    this.json = json;
  }

  /** The tool of a claim; empty if this process does not have it, though another one may. */
  Optional<Tool> of(Claim claim) {
    if (claim.tool() != null) {
      return tools.runnable(claim.tool());
    }
    return methods
        .find(claim.method())
        .filter(_ ->
            JobHeaders.read(claim.headers()).templates()
                || methods.serves(claim.method(), (ObjectNode) json.readTree(claim.params())));
  }

  /** The name of a job's tool or method for the log, without arguments. */
  static String name(Claim claim) {
    return claim.tool() != null
        ? "tool " + claim.tool()
        : "a resource, prompt or completion (" + claim.method() + ")";
  }
}
