package dev.longhaul.catalog;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A prompt: messages that a client can request for its model.
 *
 * @param description its entry in prompts/list: name and optionally title, description, arguments,
 *     icons and _meta
 * @param handler creates the messages
 */
public record Prompt(ObjectNode description, PrimitiveHandler handler) {

  public String name() {
    return description.path("name").asString();
  }

  /** The names of the required arguments. */
  public List<String> requiredArguments() {
    List<String> names = new ArrayList<>();
    description
        .path("arguments")
        .forEach(argument -> {
          if (argument.path("required").asBoolean(false)) {
            names.add(argument.path("name").asString());
          }
        });
    return names;
  }
}
