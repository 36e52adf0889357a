package dev.longhaul.mcp.modern;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.ServerIdentity;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Dialect;
import dev.longhaul.mcp.delivery.InputRequests;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Question;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** How results are written on 2026-07-28: each with its type, each signed by the server. */
public final class ModernDialect implements Dialect {
  /** The key in {@code _meta} of every result. */
  public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  private final ServerIdentity identity;
  private final RequestStates states;

  public ModernDialect(ServerIdentity identity, RequestStates states) {
    this.identity = identity;
    this.states = states;
  }

  @Override
  public ObjectNode questions(Call call, List<Question> questions) {
    return inputRequired(
        InputRequests.of(questions), states.of(CallTool.METHOD, call, call.input().answers()));
  }

  @Override
  public ObjectNode questions(Call call, JobId id, List<OpenQuestion> questions) {
    return inputRequired(InputRequests.ofJob(questions), states.of(CallTool.METHOD, call, id));
  }

  @Override
  public void requireTasks(Call call) {
    if (!call.tasksDeclared()) {
      throw Envelope.tasksMissing();
    }
  }

  private static ObjectNode inputRequired(ObjectNode requests, String state) {
    ObjectNode result = Replies.object().put("resultType", "input_required");
    result.set("inputRequests", requests);
    return result.put("requestState", state);
  }

  @Override
  public ObjectNode result(ObjectNode callToolResult) {
    return complete(callToolResult);
  }

  /** Marks a result as complete, unless it says what it is, and signs it. */
  public ObjectNode complete(ObjectNode result) {
    if (!result.has("resultType")) {
      result.put("resultType", "complete");
    }
    ObjectNode meta =
        result.get("_meta") instanceof ObjectNode given ? given : result.putObject("_meta");
    meta.set(SERVER_INFO, identity.implementation());
    return result;
  }

  @Override
  public boolean disconnectCancels() {
    return true;
  }
}
