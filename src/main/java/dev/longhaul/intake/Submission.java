package dev.longhaul.intake;

import dev.longhaul.catalog.JobHeaders;
import dev.longhaul.catalog.Tool;
import dev.longhaul.schema.OptionalNulls;
import dev.longhaul.tool.Client;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to call something, as a front door received it.
 *
 * @param caller who asks
 * @param method the MCP method: {@code tools/call}, or one of {@link
 *     dev.longhaul.catalog.ServedMethods}
 * @param params the method's params: for tools/call {@code name}, {@code arguments} and perhaps
 *     {@code _meta}
 * @param options how it is to run
 * @param headers what its job is to carry beside the params, such as what the caller said of itself
 */
public record Submission(
    Caller caller, String method, ObjectNode params, JobOptions options, JobHeaders headers) {
  public static final String TOOLS_CALL = "tools/call";

  /** A plain tools/call, all by policy. */
  public static Submission toolCall(Caller caller, ObjectNode params) {
    return new Submission(caller, TOOLS_CALL, params, JobOptions.NONE, JobHeaders.NONE);
  }

  /** A resources/read, prompts/get or completion/complete. */
  public static Submission inline(Caller caller, String method, ObjectNode params) {
    return new Submission(caller, method, params, JobOptions.NONE, JobHeaders.NONE);
  }

  /** Whether it calls a tool, and not another method. */
  public boolean callsTool() {
    return method.equals(TOOLS_CALL);
  }

  /**
   * The same call without nulls for optional arguments that do not take null.
   *
   * @param tool what it calls
   */
  public Submission withoutNulls(Tool tool) {
    if (!callsTool() || !(params.get("arguments") instanceof ObjectNode given)) {
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

  /** The same call, to run in another way. */
  public Submission with(JobOptions other) {
    return new Submission(caller, method, params, other, headers);
  }

  /** The same call of that client. */
  public Submission of(Client who) {
    return with(headers.by(who));
  }

  /** The same call, whose job carries other headers. */
  public Submission with(JobHeaders other) {
    return new Submission(caller, method, params, options, other);
  }

  /** What the caller said of itself; {@link Client#NONE} if it does not speak MCP. */
  public Client client() {
    return headers.client();
  }
}
