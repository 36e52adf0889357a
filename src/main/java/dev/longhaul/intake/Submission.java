package dev.longhaul.intake;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.Tool;
import dev.longhaul.schema.OptionalNulls;
import dev.longhaul.tool.Client;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to call something, as a front door received it.
 *
 * @param caller who sent it
 * @param method the MCP method: {@code tools/call}, or one of {@link
 *     dev.longhaul.catalog.ServedMethods}
 * @param params the method's params: for tools/call {@code name}, {@code arguments} and perhaps
 *     {@code _meta}
 * @param options how it should run
 * @param headers further data stored with its job, such as what the client says about itself
 */
public record Submission(
    Caller caller, String method, ObjectNode params, JobOptions options, JobHeaders headers) {
  public static final String TOOLS_CALL = "tools/call";

  /** A tools/call without options. */
  public static Submission toolCall(Caller caller, ObjectNode params) {
    return new Submission(caller, TOOLS_CALL, params, JobOptions.NONE, JobHeaders.NONE);
  }

  /** A resources/read, prompts/get or completion/complete. */
  public static Submission inline(Caller caller, String method, ObjectNode params) {
    return new Submission(caller, method, params, JobOptions.NONE, JobHeaders.NONE);
  }

  /** Whether its method is tools/call. */
  public boolean callsTool() {
    return method.equals(TOOLS_CALL);
  }

  /**
   * The same call without nulls for optional arguments whose schema does not allow null; for a tool
   * of an upstream the call itself.
   *
   * @param tool the tool that it calls
   */
  public Submission withoutNulls(Tool tool) {
    if (!callsTool()
        || tool.ofUpstream()
        || !(params.get("arguments") instanceof ObjectNode given)) {
      return this;
    }
    ObjectNode fewer = OptionalNulls.dropped(tool.description().path("inputSchema"), given);
    if (fewer.equals(given)) {
      return this;
    }
    ObjectNode changed = params.objectNode().setAll(params);
    changed.set("arguments", fewer);
    return new Submission(caller, method, changed, options, headers);
  }

  /** The same call with other options. */
  public Submission with(JobOptions other) {
    return new Submission(caller, method, params, other, headers);
  }

  /** The same call from that client. */
  public Submission of(Client who) {
    return with(headers.by(who));
  }

  /** The same call with other headers. */
  public Submission with(JobHeaders other) {
    return new Submission(caller, method, params, options, other);
  }

  /** What the client says about itself; {@link Client#NONE} if it does not use MCP. */
  public Client client() {
    return headers.client();
  }
}
