package dev.longhaul.ops.statistics;

import dev.longhaul.catalog.ServedMethods;
import dev.longhaul.catalog.Tool;
import dev.longhaul.mcp.observation.McpOperation;
import dev.longhaul.ops.statistics.Operation.Kind;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.time.Duration;
import java.util.Set;

/**
 * Counts the requests of MCP that run no code of an author, such as {@code tools/list}; the others
 * are counted by {@link ObservedOperations}, where they run.
 */
final class ObservedMcpMethods implements ObservationHandler<McpOperation> {
  private static final Set<String> COUNTED_ELSEWHERE =
      Set.of(Tool.CALL, ServedMethods.READ, ServedMethods.PROMPT, ServedMethods.COMPLETE);

  private final GatheredCounts counts;

  ObservedMcpMethods(GatheredCounts counts) {
    this.counts = counts;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof McpOperation;
  }

  @Override
  public void onStop(McpOperation operation) {
    if (!COUNTED_ELSEWHERE.contains(operation.method())) {
      counts.add(
          new Operation(Kind.INLINE, operation.method()),
          operation.errorType() != null,
          Duration.ofNanos(operation.nanos()),
          -1);
    }
  }
}
