package dev.longhaul.gateway.session;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What an upstream sent, for messages and logs: as JSON, on one line, and not too long. */
final class Quoted {
  private static final int LONGEST = 200;

  private Quoted() {}

  /** The message of a failure, which may be the upstream's text. */
  static String message(Exception failure) {
    return json(JsonNodeFactory.instance.stringNode(String.valueOf(failure.getMessage())));
  }

  static String json(JsonNode sent) {
    String text = sent.toString();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
