package dev.longhaul.worker;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls all listeners; a listener that throws affects neither the job nor the other listeners. */
record JobListeners(List<JobListener> listeners) {
  private static final Logger log = LoggerFactory.getLogger(JobListeners.class);

  JobListeners {
    listeners = List.copyOf(listeners);
  }

  void call(Consumer<JobListener> event) {
    for (JobListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.warn("A JobListener failed; the job is not affected", e);
      }
    }
  }
}
