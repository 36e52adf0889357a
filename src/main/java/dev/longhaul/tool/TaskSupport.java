package dev.longhaul.tool;

import java.util.Locale;
import java.util.Optional;

/**
 * Whether a tool's calls can be tasks ({@code execution.taskSupport}; 2025-11-25, basic/utilities/
 * tasks, Tool-Level Negotiation).
 */
public enum TaskSupport {
  /** Never: the default of tools that run inline. */
  FORBIDDEN,
  /** If the client takes tasks: the default of all other tools. */
  OPTIONAL,
  /** Only: a client that takes no tasks cannot call the tool. */
  REQUIRED;

  /** What holds for a tool that says nothing. */
  public static TaskSupport byDefault(Execution execution) {
    return execution == Execution.INLINE ? FORBIDDEN : OPTIONAL;
  }

  /** The name on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that wire name, if there is one. */
  public static Optional<TaskSupport> fromWire(String name) {
    for (TaskSupport support : values()) {
      if (support.wire().equals(name)) {
        return Optional.of(support);
      }
    }
    return Optional.empty();
  }
}
