package dev.longhaul.mcp.delivery;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.JobOptions;
import dev.longhaul.intake.Submission;
import dev.longhaul.mcp.stream.Reply;
import dev.longhaul.mcp.wire.CallOptions;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Client;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One tools/call, resources/read, prompts/get or completion/complete, freed of what belongs to its
 * revision and transport.
 *
 * @param method the MCP method
 * @param id the JSON-RPC id
 * @param params what the method defines, for tools/call {@code name} and {@code arguments}, and
 *     perhaps {@code _meta}; nothing else
 * @param progressToken what progress is to be tagged with, or null for none
 * @param tasksDeclared whether the request declared the tasks extension
 * @param client what the client said of itself
 * @param legacyClient the client's name on an earlier revision, else null
 * @param connection what it came over: the session on an earlier revision, else the connection
 * @param baseUrl where clients reach the REST API, without a slash at the end
 * @param waiting told when the request is cancelled from outside
 * @param reply the way back
 * @param questioner asks the client while the call is held; null on a revision where the answer to
 *     the request is the question
 * @param input what the client has answered in this request and in those that led to it
 */
public record Call(
    String method,
    Caller caller,
    JsonNode id,
    ObjectNode params,
    @Nullable JsonNode progressToken,
    boolean tasksDeclared,
    Client client,
    @Nullable String legacyClient,
    String connection,
    String baseUrl,
    Dialect dialect,
    Wait waiting,
    Reply reply,
    @Nullable Questioner questioner,
    CallInput input) {

  /** One tools/call. */
  public Call(
      Caller caller,
      JsonNode id,
      ObjectNode params,
      @Nullable JsonNode progressToken,
      boolean tasksDeclared,
      Client client,
      @Nullable String legacyClient,
      String connection,
      String baseUrl,
      Dialect dialect,
      Wait waiting,
      Reply reply,
      @Nullable Questioner questioner,
      CallInput input) {
    this(
        "tools/call",
        caller,
        id,
        params,
        progressToken,
        tasksDeclared,
        client,
        legacyClient,
        connection,
        baseUrl,
        dialect,
        waiting,
        reply,
        questioner,
        input);
  }

  public String tool() {
    return params.path("name").asString();
  }

  public ObjectNode arguments() {
    return (ObjectNode) params.path("arguments");
  }

  /** Whether an unfinished operation of the same call is not to be joined. */
  boolean wantsNewJob() {
    return CallOptions.wantsNewJob(params.path("_meta"));
  }

  /**
   * What is asked of the intake.
   *
   * @throws RpcException {@code INVALID_PARAMS} if {@code _meta} asks for what cannot be
   */
  public Submission submission() {
    JobOptions asked = CallOptions.of(params.path("_meta"));
    return Submission.toolCall(caller, params)
        .of(client)
        .with(takesKeptAnswer() ? asked : asked.anew());
  }

  /** Whether an answer that is kept will do: not if it is a continuation, or wants to be new. */
  boolean takesKeptAnswer() {
    return !input.repeated() && !wantsNewJob();
  }
}
