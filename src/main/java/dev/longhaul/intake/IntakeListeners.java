package dev.longhaul.intake;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls all listeners; a listener that throws affects neither the request nor the others. */
public record IntakeListeners(List<IntakeListener> listeners) {
  private static final Logger log = LoggerFactory.getLogger(IntakeListeners.class);

  public IntakeListeners {
    listeners = List.copyOf(listeners);
  }

  /** Notifies each. */
  public void call(Consumer<IntakeListener> event) {
    for (IntakeListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.warn("An IntakeListener failed; the request is not affected", e);
      }
    }
  }
}
