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
  /** If the client declares tasks: the default of all other tools. */
  OPTIONAL,
  /** Always: a client without tasks cannot call the tool. */
  REQUIRED;

  /** The default for a tool. */
  public static TaskSupport byDefault(Execution execution) {
    return execution == Execution.INLINE ? FORBIDDEN : OPTIONAL;
  }

  /** The name on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The constant with that name on the wire. */
  public static Optional<TaskSupport> fromWire(String name) {
    for (TaskSupport support : values()) {
      if (support.wire().equals(name)) {
        return Optional.of(support);
      }
    }
    return Optional.empty();
  }
}
