package dev.longhaul.catalog;

import dev.longhaul.tool.ToolRefusedException;
import tools.jackson.databind.node.ObjectNode;

/** Runs a resources/read, prompts/get or completion/complete in another process, as a job. */
public interface RemoteCalls {

  /**
   * Runs the request where its queue is served, before other jobs, and waits for its end. What it
   * reports and asks goes to the context; its result is not kept.
   *
   * @param queue the queue
   * @param method the MCP method
   * @param params its params, as this server got them
   * @param context the context of the request
   * @return the result
   * @throws ToolRefusedException if it was refused with a JSON-RPC error
   * @throws InterruptedException if the thread was interrupted; the job has been cancelled
   */
  ObjectNode call(String queue, String method, ObjectNode params, CallContext context)
      throws InterruptedException;
}
