package dev.longhaul.testsupport;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads what a CallToolResult says. */
final class ResultTexts {
  private ResultTexts() {}

  /**
   * All texts of a result, one under the other; of a {@code ToolAnswer} the summary before them.
   */
  static String of(JsonNode result) {
    JsonNode structured = result.path("structuredContent");
    String texts = texts(result);
    return structured.path("summary").isString() && texts.equals(structured.toString())
        ? structured.path("summary").asString() + "\n" + texts
        : texts;
  }

  private static String texts(JsonNode result) {
    return result
        .path("content")
        .valueStream()
        .filter(item -> item.path("type").asString("").equals("text"))
        .map(item -> item.path("text").asString(""))
        .collect(Collectors.joining("\n"));
  }
}
