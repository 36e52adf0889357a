package dev.longhaul.catalog;

import dev.longhaul.tool.ToolRefusedException;
import tools.jackson.databind.node.ObjectNode;

/** Runs one call of a tool in the current thread. */
@FunctionalInterface
public interface ToolHandler {

  /**
   * Runs the tool.
   *
   * @param call the arguments, already validated, and the way back to the caller
   * @return a CallToolResult as JSON; {@code isError} in it is an outcome, not a failure
   * @throws ToolRefusedException to answer with a JSON-RPC error
   * @throws Exception anything else is a failed attempt
   */
  ObjectNode call(ToolCall call) throws Exception;
}
