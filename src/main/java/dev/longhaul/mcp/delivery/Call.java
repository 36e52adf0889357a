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
 * One tools/call, resources/read, prompts/get or completion/complete, independent of the protocol
 * revision and the transport.
 *
 * @param method the MCP method
 * @param id the JSON-RPC id
 * @param params the params that the method defines ({@code name} and {@code arguments} for
 *     tools/call) and, if present, {@code _meta}
 * @param progressToken the token that progress notifications carry; null if the client wants none
 * @param tasksDeclared whether the request declared the tasks extension
 * @param waiting stopped when the client cancels the request
 * @param reply where the response goes
 * @param questioner asks the client while the call is held; null on a revision where questions are
 *     sent as the result of the request
 * @param input the client's answers in this request and in earlier rounds of it
 */
public record Call(
    String method,
    Caller caller,
    JsonNode id,
    ObjectNode params,
    @Nullable JsonNode progressToken,
    boolean tasksDeclared,
    Sender sender,
    Dialect dialect,
    Wait waiting,
    Reply reply,
    @Nullable Questioner questioner,
    CallInput input) {

  /**
   * The origin of a call.
   *
   * @param client the client's name, version and capabilities
   * @param legacyClient the client's name on an earlier revision, else null
   * @param connection the id of the session on an earlier revision, else of the connection
   * @param baseUrl the URL at which clients reach the REST API, without a trailing slash
   */
  public record Sender(
      Client client, @Nullable String legacyClient, String connection, String baseUrl) {}

  /** The method that calls a tool. */
  public static final String TOOLS_CALL = "tools/call";

  public String tool() {
    return params.path("name").asString();
  }

  public ObjectNode arguments() {
    return (ObjectNode) params.path("arguments");
  }

  /** Whether the call must get a new job even if an identical call is in progress. */
  boolean wantsNewJob() {
    return CallOptions.wantsNewJob(params.path("_meta"));
  }

  /**
   * The call as a submission to the intake.
   *
   * @throws RpcException {@code INVALID_PARAMS} if an option in {@code _meta} is unknown or invalid
   */
  public Submission submission() {
    JobOptions asked = CallOptions.of(params.path("_meta"));
    return Submission.toolCall(caller, params)
        .of(sender.client())
        .with(mayUseCachedResult() ? asked : asked.anew());
  }

  /**
   * Whether a cached result may be returned: not for a request repeated with answers, nor for one
   * that asks for a new job.
   */
  boolean mayUseCachedResult() {
    return !input.repeated() && !wantsNewJob();
  }
}
