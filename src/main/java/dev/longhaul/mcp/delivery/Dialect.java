package dev.longhaul.mcp.delivery;

import dev.longhaul.job.JobId;
import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.wire.RpcError;
import dev.longhaul.mcp.wire.RpcException;
import dev.longhaul.tool.Question;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** In what the revisions differ when a call is answered. */
public interface Dialect {

  /** A CallToolResult as this revision writes it; may change and return the same object. */
  ObjectNode result(ObjectNode callToolResult);

  /** Any other complete result as this revision writes it; may change and return the object. */
  default ObjectNode complete(ObjectNode result) {
    return result;
  }

  /**
   * Says how long a result may be kept, where the revision can say that.
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
   * The HTTP status of a response that answers with an error. Earlier revisions answer a request in
   * a session with 200, whatever the error: their clients take another status for the end of the
   * session, and lose every call in it.
   */
  default int httpStatus(RpcException failure) {
    return 200;
  }

  /** Whether a client that disconnects has thereby cancelled its request. */
  boolean disconnectCancels();

  /**
   * The answer to a request whose inline tool asks: it is to be repeated with the answers.
   *
   * @param questions all with keys
   */
  default ObjectNode questions(Call call, List<Question> questions) {
    throw new IllegalStateException("this revision asks on the stream of the call");
  }

  /** The answer to a request whose job asks: it is to be repeated with the answers. */
  default ObjectNode questions(Call call, JobId id, List<OpenQuestion> questions) {
    throw new IllegalStateException("this revision asks on the stream of the call");
  }

  /** Refuses a call of a tool that only runs as a task, unless its client takes tasks. */
  default void requireTasks(Call call) {}
}
