package dev.longhaul.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is called.
 *
 * @param name the tool's or prompt's name, or the resource's URI
 * @param arguments the arguments of its calls, used in turn; at least one, which may be empty
 */
record Target(Kind kind, String name, List<Map<String, Object>> arguments) {
  enum Kind {
    TOOL,
    RESOURCE,
    PROMPT
  }

  Target {
    arguments = List.copyOf(arguments);
  }

  Map<String, Object> arguments(int call) {
    return arguments.get(call % arguments.size());
  }

  /** Such as {@code tool add}. */
  String label() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + name;
  }
}
