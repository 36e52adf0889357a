package dev.longhaul.catalog;

import dev.longhaul.schema.Violation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The tools this process serves, in a stable order. */
public interface ToolCatalogue extends ToolSource {
  /** The names of tools that this server may have beside those that are registered. */
  Set<String> RESERVED =
      Set.of(
          "cancel_operation",
          "continue_operation",
          "get_operation",
          "list_operations",
          "run_batch",
          "run_chain");

  /** Whether the tool with that identity is an internal one, which clients cannot call. */
  default boolean isInternal(String id) {
    return false;
  }

  /** The tool that clients call by that name, or the one with that identity. */
  default Optional<Tool> named(String nameOrId) {
    return find(nameOrId).or(() -> isInternal(nameOrId) ? Optional.empty() : runnable(nameOrId));
  }

  /** The identity of the tool with that name or identity, or the text itself if there is none. */
  default String id(String nameOrId) {
    return named(nameOrId).map(Tool::id).orElse(nameOrId);
  }

  /**
   * Checks a call's arguments against the tool's input schema.
   *
   * @return every violation, empty if the arguments are valid
   */
  List<Violation> violations(Tool tool, JsonNode arguments);
}
