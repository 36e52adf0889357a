package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Question;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts a client's response to a question into the answer that the tool gets. For an error
 * response the elicitation counts as cancelled, a sampled message is empty with the stop reason
 * {@code clientError}, and the list of roots is empty; {@code _meta} has the error.
 */
final class ClientAnswers {
  /** The key in {@code _meta} of the client's error. */
  static final String ERROR = "dev.longhaul/client-error";

  private static final int LONGEST_MESSAGE = 2_000;

  private ClientAnswers() {}

  /**
   * The result in a response, or the answer that stands for its error.
   *
   * @param body the response, with either a result or an error
   */
  static ObjectNode of(String method, ObjectNode body) {
    if (body.get("result") instanceof ObjectNode result) {
      return result;
    }
    JsonNode error = body.path("error");
    String message = error.path("message").stringValue("The client answered with an error.");
    if (message.length() > LONGEST_MESSAGE) {
      message = message.substring(0, LONGEST_MESSAGE);
    }
    ObjectNode answer = unanswered(method);
    answer
        .putObject("_meta")
        .putObject(ERROR)
        .put("code", error.path("code").asInt(0))
        .put("message", message);
    return answer;
  }

  /** The answer that stands for a missing one. */
  static ObjectNode unanswered(String method) {
    ObjectNode answer = Replies.object();
    switch (method) {
      case Question.ELICITATION -> answer.put("action", "cancel");
      case Question.SAMPLING -> {
        answer.put("role", "assistant").put("model", "").put("stopReason", "clientError");
        answer.putObject("content").put("type", "text").put("text", "");
      }
      default -> answer.putArray("roots");
    }
    return answer;
  }
}
