package dev.longhaul.mcp.delivery;

import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.Question;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Describes, for a model to read, which questions of a job are open and who has to answer them. */
final class QuestionText {
  /** The longest quoted part of a question in characters; the client has the whole question. */
  static final int LONGEST = 500;

  private static final int MAX_QUESTIONS = 5;

  private QuestionText() {}

  /**
   * The text that follows "it".
   *
   * @param open at least one question
   */
  static String of(List<OpenQuestion> open) {
    String words =
        open.stream().limit(MAX_QUESTIONS).map(QuestionText::one).collect(Collectors.joining("; "));
    return open.size() <= MAX_QUESTIONS
        ? words
        : words + "; and for " + (open.size() - MAX_QUESTIONS) + " more";
  }

  private static String one(OpenQuestion question) {
    JsonNode params = Json.tree(question.params());
    return switch (question.method()) {
      case Question.ELICITATION -> {
        String url = params.path("url").stringValue("");
        yield "waits for the user, who is asked: "
            + quoted(params.path("message").stringValue(""))
            + (url.isEmpty() ? "" : " (at " + cut(url) + ")");
      }
      case Question.SAMPLING -> {
        String asked = params.path("messages").path(0).path("content").path("text").stringValue("");
        yield "waits for the client's model"
            + (asked.isEmpty() ? "" : ", which is asked: " + quoted(asked));
      }
      case Question.ROOTS -> "waits for the client to say which roots it has";
      default -> "waits for the client's answer to " + question.method();
    };
  }

  private static String quoted(String text) {
    return '"' + cut(text) + '"';
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + "…";
  }
}
