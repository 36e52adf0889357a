package dev.longhaul.ops.statistics;

import dev.longhaul.catalog.OperationContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.time.Duration;

/** Counts every run of a tool, resource, prompt or completion, inline or as an attempt of a job. */
final class ObservedOperations implements ObservationHandler<OperationContext> {
  private final GatheredCounts counts;

  ObservedOperations(GatheredCounts counts) {
    this.counts = counts;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof OperationContext;
  }

  @Override
  public void onStop(OperationContext run) {
    if (!run.internal()) {
      Operation operation = Operation.of(run);
      counts.add(
          operation, run.failed(), Duration.ofNanos(run.durationNanos()), run.allocatedBytes());
      run.checkpoints()
          .steps()
          .forEach(step -> counts.add(operation.step(step.name()), false, step.took(), -1));
    }
  }
}
