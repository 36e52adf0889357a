package dev.longhaul.catalog;

import dev.longhaul.tool.ResourceNotFoundException;
import dev.longhaul.tool.ToolRefusedException;
import tools.jackson.databind.node.ObjectNode;

/** Answers one resources/read, prompts/get or completion/complete in the current thread. */
@FunctionalInterface
public interface PrimitiveHandler {

  /**
   * Answers it.
   *
   * @return the method's result as JSON, as the specification names it: ReadResourceResult,
   *     GetPromptResult or CompleteResult
   * @throws ToolRefusedException to answer with a JSON-RPC error
   * @throws ResourceNotFoundException if a template covers the URI and nothing is there
   * @throws Exception anything else is an internal error to the client
   */
  ObjectNode handle(PrimitiveCall call) throws Exception;
}
