package dev.longhaul.testsupport;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads what a CallToolResult says. */
final class ResultTexts {
  private ResultTexts() {}

  /** All texts of a result, one under the other. */
  static String of(JsonNode result) {
    return result
        .path("content")
        .valueStream()
        .filter(item -> item.path("type").asString("").equals("text"))
        .map(item -> item.path("text").asString(""))
        .collect(Collectors.joining("\n"));
  }
}
