package dev.longhaul.ops;

import dev.longhaul.catalog.OperationContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Tells {@link SlowOperations} of every run. Observations are set up before the connections to
 * Redis, which are observed too, so what needs these is known only when all beans are built.
 */
final class SlowOperationHandler
    implements ObservationHandler<OperationContext>, SmartInitializingSingleton {
  private final ObjectProvider<SlowOperations> operations;
  private volatile @Nullable SlowOperations built;

  SlowOperationHandler(ObjectProvider<SlowOperations> operations) {
    this.operations = operations;
  }

  @Override
  public void afterSingletonsInstantiated() {
    built = operations.getObject();
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof OperationContext;
  }

  @Override
  public void onStop(OperationContext run) {
    SlowOperations known = built;
    if (known != null) {
      known.ended(run);
    }
  }
}
