package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.tool.Question;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a tool gets of a client's response. A client that answers with an error has not answered: an
 * elicitation is cancelled then, a sampled message is empty and says why, and there are no roots.
 * {@code _meta} has the error.
 */
final class ClientAnswers {
  /** The key in {@code _meta} of the error that a client answered with. */
  static final String ERROR = "dev.longhaul/client-error";

  private static final int LONGEST_MESSAGE = 2_000;

  private ClientAnswers() {}

  /**
   * The result in a response, or what stands for its error.
   *
   * @param body the response, which has either
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

  /** What stands for no answer at all. */
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
