package dev.longhaul.catalog;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message, or a few, that a client can have made for its model.
 *
 * @param description its entry of prompts/list: name, and if it has them title, description,
 *     arguments, icons and _meta
 * @param handler makes the messages
 */
public record Prompt(ObjectNode description, PrimitiveHandler handler) {

  public String name() {
    return description.path("name").asString();
  }

  /** The names of the arguments without which it cannot be made. */
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
