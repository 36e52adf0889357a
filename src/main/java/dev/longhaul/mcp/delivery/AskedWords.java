package dev.longhaul.mcp.delivery;

import dev.longhaul.job.OpenQuestion;
import dev.longhaul.mcp.wire.Json;
import dev.longhaul.tool.Question;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Says in words a model understands whose answer a job waits for, and to what. */
final class AskedWords {
  /** The longest part of a question that is told; the client has all of it. */
  static final int LONGEST = 500;

  private static final int MOST = 5;

  private AskedWords() {}

  /** Goes after "it"; not for a job that asks nothing. */
  static String of(List<OpenQuestion> open) {
    String words = open.stream().limit(MOST).map(AskedWords::one).collect(Collectors.joining("; "));
    return open.size() <= MOST ? words : words + "; and for " + (open.size() - MOST) + " more";
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
