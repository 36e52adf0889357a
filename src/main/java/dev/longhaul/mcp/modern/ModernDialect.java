package dev.longhaul.mcp.modern;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.delivery.Call;
import dev.longhaul.mcp.delivery.Dialect;
import dev.longhaul.mcp.delivery.InputRequests;
import dev.longhaul.mcp.wire.ErrorCode;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.mcp.wire.ServerIdentity;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Writes results of 2026-07-28, each with its type and the server's name. */
final class ModernDialect implements Dialect {
  /** The key of the server's name and version in the {@code _meta} of every result. */
  public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  /**
   * A code of earlier revisions that must not be sent on this one (basic/index.mdx, Error Codes).
   */
  private static final int URL_ELICITATION_REQUIRED = -32042;

  private final ServerIdentity identity;
  private final RequestStates states;

  ModernDialect(ServerIdentity identity, RequestStates states) {
    this.identity = identity;
    this.states = states;
  }

  @Override
  public ObjectNode questions(Call call, List<Question> questions) {
    return inputRequired(
        InputRequests.of(questions), states.of(call.method(), call, call.input().answers()));
  }

  @Override
  public ObjectNode questions(Call call, JobId id, List<OpenQuestion> questions) {
    return inputRequired(InputRequests.ofJob(questions), states.of(call.method(), call, id));
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

  @Override
  public ObjectNode cacheable(ObjectNode result, Duration ttl, boolean shared) {
    return result.put("ttlMs", ttl.toMillis()).put("cacheScope", shared ? "public" : "private");
  }

  /** This revision has no codes for unknown resources and for URL elicitation. */
  @Override
  public RpcError error(RpcError error) {
    return switch (error.code()) {
      case ErrorCode.RESOURCE_NOT_FOUND ->
          new RpcError(ErrorCode.INVALID_PARAMS, error.message(), error.data());
      case URL_ELICITATION_REQUIRED ->
          new RpcError(ErrorCode.INTERNAL_ERROR, error.message(), error.data());
      default -> error;
    };
  }

  @Override
  public int httpStatus(RpcException failure) {
    return failure.error().code() == ErrorCode.MISSING_CAPABILITY ? 400 : failure.httpStatus();
  }

  /** Marks a result as complete unless it has a type, and adds the server's name. */
  @Override
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
