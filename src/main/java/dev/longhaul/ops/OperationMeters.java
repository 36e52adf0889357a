package dev.longhaul.ops;

import dev.longhaul.catalog.OperationContext;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times every run of a tool, resource, prompt or completion, inline or as an attempt of
 * a job. Used instead of Micrometer's own handler, which would give the meters the attributes of
 * spans, and looks each meter up by its tags, which costs more than the rest of the observation.
 */
final class OperationMeters implements MeterObservationHandler<OperationContext> {
  /** The bounds of histograms that the semantic conventions for MCP recommend. */
  static final Duration[] BOUNDS = {
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(2),
    Duration.ofMinutes(5)
  };

  private final MeterRegistry registry;
  private final BoundedNames names;
  private final BoundedNames errors = BoundedNames.ofErrors();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
  private final Map<Key, DistributionSummary> allocated = new ConcurrentHashMap<>();

  private record Key(OperationContext.Kind kind, String name, boolean job, String error) {
    Tags tags() {
      return Tags.of("kind", kind.wire(), "name", name, "execution", job ? "job" : "inline");
    }
  }

  OperationMeters(MeterRegistry registry, BoundedNames names) {
    this.registry = registry;
    this.names = names;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof OperationContext;
  }

  @Override
  public void onStop(OperationContext run) {
    String name = names.bounded(run.name());
    String error = errors.bounded(Objects.requireNonNullElse(run.errorType(), BoundedNames.NONE));
    timers
        .computeIfAbsent(new Key(run.kind(), name, run.job(), error), this::timer)
        .record(run.durationNanos(), TimeUnit.NANOSECONDS);
    if (run.allocatedBytes() >= 0) {
      allocated
          .computeIfAbsent(
              new Key(run.kind(), name, run.job(), BoundedNames.NONE), this::allocation)
          .record((double) run.allocatedBytes());
    }
  }

  private Timer timer(Key key) {
    return Timer.builder(OperationContext.NAME)
        .description("How long tools, resources, prompts and completions ran")
        .tags(key.tags().and("error", key.error()))
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }

  private DistributionSummary allocation(Key key) {
    return DistributionSummary.builder(OperationContext.NAME + ".allocated")
        .description("The memory that a run allocated in its thread, where that is known")
        .baseUnit("bytes")
        .tags(key.tags())
        .register(registry);
  }
}
