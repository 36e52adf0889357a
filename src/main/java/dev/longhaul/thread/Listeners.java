package dev.longhaul.thread;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls all listeners; a listener that throws affects neither the caller nor the other listeners.
 *
 * @param failure the log message when one throws
 */
public record Listeners<T>(List<T> listeners, String failure) {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  public Listeners {
    listeners = List.copyOf(listeners);
  }

  /** Notifies each listener. */
  public void call(Consumer<T> event) {
    for (T listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.warn(failure, e);
      }
    }
  }
}
