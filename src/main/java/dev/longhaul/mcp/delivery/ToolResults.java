package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobError;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.schema.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes an outcome as a CallToolResult. Failures carry no structuredContent, because some clients
 * check it against the tool's output schema even when {@code isError} is true; the details for
 * programs are in {@code _meta} under {@link #ERROR}.
 */
public final class ToolResults {
  /** The key in {@code _meta} of a failure: code, type, message, remediation, and what was done. */
  public static final String ERROR = "dev.longhaul/error";

  private ToolResults() {}

  /**
   * The result for an outcome.
   *
   * @throws RpcException if the outcome is a JSON-RPC error
   */
  public static ObjectNode of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> callResult(Json.object(answered.json()));
      case Outcome.Refused refused -> throw new RpcException(200, error(refused));
      case Outcome.Failed failed -> failed(failed.error(), failed.partial());
      case Outcome.GivenUp givenUp -> failed(givenUp.error(), givenUp.partial());
      case Outcome.Cancelled cancelled -> failed(CANCELLED, cancelled.partial());
    };
  }

  /**
   * A job's result as a result of tools/call. The job may have run another method, whose result
   * does not have that form.
   */
  public static ObjectNode callResult(ObjectNode answered) {
    if (answered.has("content") || answered.has("structuredContent")) {
      return answered;
    }
    ObjectNode result = text(Json.text(answered));
    result.set("structuredContent", answered);
    return result.put("isError", false);
  }

  /** The JSON text of an outcome, which is read in pages. */
  public static String document(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> answered.json();
      case Outcome.Refused refused -> {
        ObjectNode document = Replies.object();
        document.set("error", Replies.errorObject(error(refused)));
        yield Json.text(document);
      }
      case Outcome.Failed _, Outcome.GivenUp _, Outcome.Cancelled _ -> Json.text(of(outcome));
    };
  }

  /** The JSON-RPC error of a refused job. */
  public static RpcError error(Outcome.Refused refused) {
    String data = refused.dataJson();
    return new RpcError(refused.code(), refused.message(), data == null ? null : Json.tree(data));
  }

  /**
   * The result for arguments that violate the tool's schema, with every violation for the model to
   * correct.
   */
  public static ObjectNode invalid(String tool, List<Violation> violations) {
    StringBuilder text = new StringBuilder("Invalid arguments for tool " + tool + ":");
    violations.forEach(v ->
        text.append("\n- ").append(v.path().isEmpty() ? "" : v.path() + ": ").append(v.message()));
    text.append("\nCorrect the arguments and call the tool again.");
    ObjectNode result = error(text.toString());
    var meta = result.putObject("_meta").putObject(ERROR).put("code", "INVALID_ARGUMENTS");
    var list = meta.putArray("violations");
    violations.forEach(v -> list.addObject().put("path", v.path()).put("message", v.message()));
    return result;
  }

  /** A failed result with this text. */
  public static ObjectNode error(String text) {
    return text(text).put("isError", true);
  }

  /** A successful result with this text. */
  public static ObjectNode text(String text) {
    ObjectNode result = Replies.object();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  private static final JobError CANCELLED =
      new JobError(
          JobError.CANCELLED,
          "cancelled",
          "The operation was cancelled.",
          "Call the tool again if the result is still wanted.");

  private static ObjectNode failed(JobError error, @Nullable Partial partial) {
    StringBuilder text = new StringBuilder(error.message());
    text.append("\nCode: ").append(error.code()).append(" (").append(error.type()).append(')');
    text.append("\nWhat to do: ").append(error.remediation());
    ObjectNode meta = OperationView.error(error);
    if (partial != null) {
      meta.set("partial", Json.tree(partial.json()));
      count(meta, "processed", partial.processed());
      count(meta, "total", partial.total());
      count(meta, "remaining", partial.remaining());
      text.append("\nPartial result");
      if (partial.processed() != null) {
        text.append(" (").append(partial.processed());
        text.append(partial.total() == null ? "" : " of " + partial.total()).append(" done)");
      }
      text.append(": ").append(partial.json());
    }
    ObjectNode result = error(text.toString());
    result.putObject("_meta").set(ERROR, meta);
    return result;
  }

  private static void count(ObjectNode meta, String name, @Nullable Long value) {
    if (value != null) {
      meta.put(name, value);
    }
  }
}
