package dev.longhaul.catalog;

import dev.longhaul.schema.Violation;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The tools this process serves, in a stable order. */
public interface ToolCatalogue {

  Optional<Tool> find(String name);

  /**
   * The tool that a stored job of that name runs, including internal ones that clients cannot call.
   */
  default Optional<Tool> runnable(String name) {
    return find(name);
  }

  /** All tools, ordered as tools/list shows them. */
  Collection<Tool> all();

  /**
   * Checks a call's arguments against the tool's input schema.
   *
   * @return every violation, empty if the arguments are valid
   */
  List<Violation> violations(Tool tool, JsonNode arguments);
}
