package dev.longhaul.ops;

import dev.longhaul.mcp.observation.McpOperation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.Observation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The metric {@code mcp.server.operation.duration} of the semantic conventions for MCP; see {@link
 * McpOperation}. An attribute that is absent has the value {@code none}, because Prometheus wants
 * the same tags on every time series.
 */
final class McpMeters implements MeterObservationHandler<McpOperation> {
  private final MeterRegistry registry;
  private final BoundedNames names;
  private final BoundedNames errors = BoundedNames.ofErrors();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  private record Key(
      String method, String tool, String prompt, String version, String error, String status) {}

  McpMeters(MeterRegistry registry, BoundedNames names) {
    this.registry = registry;
    this.names = names;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof McpOperation;
  }

  @Override
  public void onStop(McpOperation operation) {
    timers
        .computeIfAbsent(
            new Key(
                operation.method(),
                bounded(names, operation.tool()),
                bounded(names, operation.prompt()),
                operation.version(),
                bounded(errors, operation.errorType()),
                bounded(errors, operation.statusCode())),
            this::timer)
        .record(operation.nanos(), TimeUnit.NANOSECONDS);
  }

  private static String bounded(BoundedNames values, @Nullable String value) {
    return value == null ? BoundedNames.NONE : values.bounded(value);
  }

  private Timer timer(Key key) {
    return Timer.builder(McpOperation.NAME)
        .description("How long requests and notifications of MCP clients took")
        .tags(
            Tags.of(
                "mcp.method.name", key.method(),
                "mcp.protocol.version", key.version(),
                "gen_ai.operation.name",
                    key.tool().equals(BoundedNames.NONE) ? BoundedNames.NONE : "execute_tool",
                "gen_ai.tool.name", key.tool(),
                "gen_ai.prompt.name", key.prompt(),
                "error.type", key.error(),
                "rpc.response.status_code", key.status(),
                "network.transport", "tcp"))
        .serviceLevelObjectives(OperationMeters.BOUNDS)
        .register(registry);
  }
}
