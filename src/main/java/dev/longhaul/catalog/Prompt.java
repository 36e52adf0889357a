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
 * @param checked whether a request without a required argument is refused before the handler sees
 *     it
 */
public record Prompt(ObjectNode description, PrimitiveHandler handler, boolean checked) {

  /** A prompt whose required arguments are checked. */
  public Prompt(ObjectNode description, PrimitiveHandler handler) {
    this(description, handler, true);
  }

  public String name() {
    return description.path("name").asString();
  }

  /** The names of the arguments without which a request is refused. */
  public List<String> requiredArguments() {
    List<String> names = new ArrayList<>();
    if (!checked) {
      return names;
    }
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
