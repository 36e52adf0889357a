package dev.longhaul.mcp.tools;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Deliverer;
import dev.longhaul.mcp.delivery.ResumedCall;
import dev.longhaul.mcp.operation.OperationTools;

/** Serves tools/call on all revisions: by an operation tool, or by the {@link Deliverer}. */
public final class ToolCalls {
  private final OperationTools operations;
  private final Deliverer deliverer;

  public ToolCalls(OperationTools operations, Deliverer deliverer) {
    this.operations = operations;
    this.deliverer = deliverer;
  }

  /** Waits for the end of a task and responds with its outcome. */
  public void untilEnd(Call call, JobId task) throws InterruptedException {
    deliverer.untilEnd(call, task);
  }

  /** Continues a call that was held by another request or process. */
  public void takeOver(Call call, ResumedCall resumed) throws InterruptedException {
    deliverer.takeOver(call, resumed);
  }

  public void call(Call call) throws InterruptedException {
    if (operations.has(call.tool())) {
      operations.call(call);
    } else {
      deliverer.deliver(call);
    }
  }
}
