package dev.longhaul.catalog;

import dev.longhaul.schema.CompiledSchema;
import dev.longhaul.schema.Violation;
import dev.longhaul.tool.Question;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Validates a client's answer before a tool gets it (client/elicitation, basic/patterns/mrtr). */
public final class AnswerCheck {
  private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

  private AnswerCheck() {}

  /**
   * The mistakes in an answer; empty if it is valid.
   *
   * @param method the question's method
   * @param params the question's params
   */
  public static Optional<String> problem(String method, JsonNode params, JsonNode answer) {
    if (!answer.isObject()) {
      return Optional.of("it must be an object");
    }
    return switch (method) {
      case Question.ELICITATION -> elicitation(params, (ObjectNode) answer);
      case Question.SAMPLING ->
          answer.has("content") ? Optional.empty() : Optional.of("content is missing");
      default ->
          answer.path("roots").isArray() ? Optional.empty() : Optional.of("roots must be an array");
    };
  }

  private static Optional<String> elicitation(JsonNode params, ObjectNode answer) {
    String action = answer.path("action").stringValue("");
    if (!ACTIONS.contains(action)) {
      return Optional.of("action must be accept, decline or cancel");
    }
    boolean form = params.path("mode").stringValue("form").equals("form");
    if (!action.equals("accept") || !form) {
      return Optional.empty();
    }
    if (!answer.path("content").isObject()) {
      return Optional.of("content must be an object");
    }
    if (!params.path("requestedSchema").isObject()) {
      return Optional.empty();
    }
    List<Violation> violations =
        new CompiledSchema(params.path("requestedSchema")).violations(answer.path("content"));
    return violations.stream()
        .findFirst()
        .map(first -> "content" + first.path() + " " + first.message());
  }
}
