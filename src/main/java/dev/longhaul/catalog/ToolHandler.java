package dev.longhaul.catalog;

import dev.longhaul.tool.ToolRefusedException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Runs one call of a tool in the current thread. */
@FunctionalInterface
public interface ToolHandler {

  /**
   * Runs the tool.
   *
   * @param call the validated arguments and the context
   * @return a CallToolResult as JSON; {@code isError} in it is an outcome, not a failure
   * @throws ToolRefusedException to respond with a JSON-RPC error
   * @throws Exception any other exception fails the attempt
   */
  ObjectNode call(ToolCall call) throws Exception;

  /**
   * Whether an attempt finds out what an earlier one has done, so that the queue may start another
   * one after it was lost or given back, although the tool's policy does not allow it to be
   * repeated.
   */
  default boolean resumes() {
    return false;
  }

  /**
   * Why a call is refused to a caller, whatever its arguments; known before it is stored.
   *
   * @param owner the owner that its job would have
   * @return empty if it is not refused
   */
  default Optional<String> refusal(String owner) {
    return Optional.empty();
  }

  /**
   * Whether a call needs a token in its caller's name, which is got when it is submitted ({@link
   * DelegatedTokens}).
   */
  default boolean delegates() {
    return false;
  }

  /**
   * Whether a call can run in this process now. If not, it becomes a job, whatever its tool's
   * execution says.
   */
  default boolean runsHere() {
    return true;
  }
}
