package dev.longhaul.catalog;

import dev.longhaul.tool.ResourceNotFoundException;
import dev.longhaul.tool.ToolRefusedException;
import tools.jackson.databind.node.ObjectNode;

/** Serves one resources/read, prompts/get or completion/complete in the current thread. */
@FunctionalInterface
public interface PrimitiveHandler {

  /**
   * Serves the request.
   *
   * @return the method's result as JSON: a ReadResourceResult, GetPromptResult or CompleteResult
   * @throws ToolRefusedException to respond with a JSON-RPC error
   * @throws ResourceNotFoundException if there is no resource at a URI that matches the template
   * @throws Exception any other exception becomes an internal error for the client
   */
  ObjectNode handle(PrimitiveCall call) throws Exception;
}
