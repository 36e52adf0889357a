package dev.longhaul.mcp.tools;

import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.mcp.wire.CallOptions;
import dev.longhaul.tool.Execution;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Adds to a tool's entry in tools/list how it runs: as text for models, in _meta for programs. */
final class ExecutionNote {
  private static final String REST =
      " as a job: if the answer has an operation_id, continue_operation gets the result.";

  private ExecutionNote() {}

  static void write(ToolPolicy policy, ObjectNode entry) {
    String words =
        switch (policy.execution()) {
          case INLINE -> "";
          case QUEUED -> "Runs" + REST;
          case AUTO -> "May run" + REST;
        };
    if (!words.isEmpty()) {
      String own = entry.path("description").asString("").strip();
      entry.put("description", own.isEmpty() ? words : own + "\n" + words);
    }
    ObjectNode meta =
        entry.get("_meta") instanceof ObjectNode given ? given : entry.putObject("_meta");
    meta.put(CallOptions.PREFIX + "execution", wire(policy.execution()));
    long millis = policy.timeout().toMillis();
    String timeout = CallOptions.PREFIX + "timeout_seconds";
    if (millis % 1000 == 0) {
      meta.put(timeout, millis / 1000);
    } else {
      meta.put(timeout, millis / 1000.0);
    }
  }

  private static String wire(Execution execution) {
    return execution.name().toLowerCase(Locale.ROOT);
  }
}
