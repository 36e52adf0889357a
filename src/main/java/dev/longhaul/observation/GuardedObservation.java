package dev.longhaul.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observation whose failure changes nothing for what it observes. Handlers, conventions and
 * filters may be a host's own; what they throw is logged, once as a warning. If the observation
 * cannot be started, what it should observe runs unobserved.
 */
public final class GuardedObservation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GuardedObservation.class);
  private static final AtomicBoolean warned = new AtomicBoolean();

  private final ObservationRegistry registry;
  private final Observation.@Nullable Scope outer;
  private @Nullable Observation observation;
  private Observation.@Nullable Scope scope;

  private GuardedObservation(ObservationRegistry registry) {
    this.registry = registry;
    this.outer = registry.getCurrentObservationScope();
  }

  /** Starts an observation that is this thread's current one until it is closed. */
  public static GuardedObservation start(
      String name, Observation.Context context, ObservationRegistry registry) {
    var guarded = new GuardedObservation(registry);
    guarded.start(name, context);
    return guarded;
  }

  private void start(String name, Observation.Context context) {
    var _ = guard(() -> observation = Observation.start(name, () -> context, registry));
    Observation started = observation;
    if (started != null && !guard(() -> scope = started.openScope())) {
      observation = null;
      leave(registry.getCurrentObservationScope()); // it is current for some handlers already
    }
  }

  /** Reports why what is observed has failed. */
  public void error(Throwable failure) {
    Observation started = observation;
    if (started != null) {
      var _ = guard(() -> started.error(failure));
    }
  }

  /** Ends the observation. */
  @Override
  public void close() {
    leave();
    stop();
  }

  /** Stops being this thread's current observation; {@link #stop} must follow, in any thread. */
  public void leave() {
    leave(scope);
  }

  /** Ends an observation that was left. */
  public void stop() {
    Observation started = observation;
    if (started != null) {
      var _ = guard(started::stop);
    }
  }

  @SuppressWarnings("ReferenceEquality") // which scope it is matters
  private void leave(Observation.@Nullable Scope current) {
    if (current != null && current != outer) {
      var _ = guard(current::close);
      // A scope that fails to close stays the thread's current one.
      registry.setCurrentObservationScope(outer);
    }
  }

  private static boolean guard(Runnable step) {
    try {
      step.run();
      return true;
    } catch (RuntimeException e) {
      if (warned.compareAndSet(false, true)) {
        log.warn(
            "An observation failed, in a handler, convention or filter; metrics and traces may lack"
                + " it, the work itself goes on. Further failures are logged at level debug",
            e);
      } else {
        log.debug("An observation failed", e);
      }
      return false;
    }
  }
}
