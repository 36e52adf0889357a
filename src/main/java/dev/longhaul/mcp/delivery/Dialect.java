package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The differences between protocol revisions in the response to a call. */
public interface Dialect {

  /** A CallToolResult as this revision writes it; may change and return the same object. */
  ObjectNode result(ObjectNode callToolResult);

  /** Any other complete result as this revision writes it; may change and return the object. */
  default ObjectNode complete(ObjectNode result) {
    return result;
  }

  /**
   * Adds how long a client may cache a result, where the revision has such a field.
   *
   * @param shared whether it may be shown to other users
   */
  default ObjectNode cacheable(ObjectNode result, Duration ttl, boolean shared) {
    return result;
  }

  /** An error as this revision writes it. */
  default RpcError error(RpcError error) {
    return error;
  }

  /**
   * The HTTP status of an error response. Earlier revisions respond to a request in a session with
   * 200 for every error: their clients treat any other status as the end of the session, and lose
   * every call in it.
   */
  default int httpStatus(RpcException failure) {
    return 200;
  }

  /** Whether a disconnect of the client cancels its request. */
  boolean disconnectCancels();

  /**
   * The result for a request whose inline tool asks questions; the client repeats the request with
   * its answers.
   *
   * @param questions all with keys
   */
  default ObjectNode questions(Call call, List<Question> questions) {
    throw new IllegalStateException("this revision asks on the stream of the call");
  }

  /**
   * The result for a request whose job asks questions; the client repeats the request with its
   * answers.
   */
  default ObjectNode questions(Call call, JobId id, List<OpenQuestion> questions) {
    throw new IllegalStateException("this revision asks on the stream of the call");
  }

  /** Refuses a call of a tool that runs only as a task if the client did not declare tasks. */
  default void requireTasks(Call call) {}
}
