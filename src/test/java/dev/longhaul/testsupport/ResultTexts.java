package dev.longhaul.testsupport;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads the texts of a CallToolResult. */
final class ResultTexts {
  private ResultTexts() {}

  /**
   * All texts of a result, joined by line breaks; those of a {@code ToolAnswer} after its summary.
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
