package dev.longhaul.gateway.session;

import dev.longhaul.gateway.session.UpstreamSession.Era;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Capabilities of clients and upstreams, as the protocol has them. */
final class Capabilities {
  /** The tasks extension of 2026-07-28. */
  static final String TASKS = "io.modelcontextprotocol/tasks";

  private static final List<String> QUESTIONS = List.of("elicitation", "sampling", "roots");
  private static final Map<String, List<String>> FLAGS =
      Map.of(
          "elicitation", List.of("form", "url"),
          "sampling", List.of("tools", "context"),
          "roots", List.of());
  private static final Map<String, String> OF_LISTS =
      Map.of(
          "tools/list", "tools",
          "resources/list", "resources",
          "resources/templates/list", "resources",
          "prompts/list", "prompts");

  private Capabilities() {}

  /** Those of a client that can be asked everything. */
  static ObjectNode all() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ObjectNode elicitation = all.putObject("elicitation");
    elicitation.putObject("form");
    elicitation.putObject("url");
    all.putObject("sampling");
    all.putObject("roots");
    return all;
  }

  /**
   * What is known of the questions that a client can be asked, as flags: clients that can be asked
   * the same have equal ones.
   */
  static ObjectNode flags(ObjectNode capabilities) {
    ObjectNode flags = JsonNodeFactory.instance.objectNode();
    FLAGS.forEach((question, kinds) -> {
      if (capabilities.get(question) instanceof ObjectNode declared) {
        ObjectNode flag = flags.putObject(question);
        kinds.stream().filter(kind -> declared.path(kind).isObject()).forEach(flag::putObject);
      }
    });
    return flags;
  }

  /** The part of a client's capabilities that is about questions. */
  static ObjectNode questions(ObjectNode capabilities) {
    ObjectNode questions = JsonNodeFactory.instance.objectNode();
    for (String question : QUESTIONS) {
      if (capabilities.get(question) instanceof ObjectNode declared) {
        questions.set(question, declared);
      }
    }
    return questions;
  }

  /** Whether an upstream with these capabilities has a list. */
  static boolean has(ObjectNode capabilities, String list) {
    String capability = OF_LISTS.get(list);
    return capability != null && capabilities.path(capability).isObject();
  }

  /** Whether an upstream with these capabilities announces changes of a list. */
  static boolean announces(ObjectNode capabilities, String list) {
    JsonNode capability = capabilities.path(OF_LISTS.getOrDefault(list, ""));
    return capability.path("listChanged").asBoolean(false);
  }

  /** Whether an upstream with these capabilities makes tasks of tool calls. */
  static boolean tasks(Era era, ObjectNode capabilities) {
    return switch (era) {
      case MODERN -> capabilities.path("extensions").path(TASKS).isObject();
      case LEGACY -> capabilities.at("/tasks/requests/tools/call").isObject();
    };
  }
}
