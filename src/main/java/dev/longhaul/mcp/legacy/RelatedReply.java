package dev.longhaul.mcp.legacy;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.stream.ForwardingReply;
import dev.longhaul.mcp.stream.Reply;
import tools.jackson.databind.node.ObjectNode;

/** A reply to tasks/result that marks every message sent before the result with its task. */
final class RelatedReply extends ForwardingReply {
  private final JobId task;

  RelatedReply(Reply reply, JobId task) {
    super(reply);
    this.task = task;
  }

  @Override
  public void send(ObjectNode message) {
    if (message.get("params") instanceof ObjectNode params) {
      RelatedTask.mark(params, task);
    } else {
      RelatedTask.mark(message.putObject("params"), task);
    }
    super.send(message);
  }
}
