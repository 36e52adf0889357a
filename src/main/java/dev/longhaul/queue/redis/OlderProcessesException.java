package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import java.util.List;

/** Processes that use an older layout still run, so what is stored cannot be converted. */
final class OlderProcessesException extends QueueUnavailableException {
  private static final long serialVersionUID = 1;

  /**
   * @param processes their names; {@code ?} if it is not known which there are
   */
  OlderProcessesException(List<String> processes) {
    super(
        "What is stored in Redis has an older layout than "
            + Layout.VERSION
            + ", and "
            + (processes.equals(List.of("?"))
                ? "it cannot be seen whether processes still use it (the Redis user may not run"
                    + " PUBSUB CHANNELS)"
                : "processes that use it still run: " + String.join(", ", processes))
            + ". Stop all processes of the older version; this one converts what is stored when it"
            + " starts, and they cannot be started again then: see Upgrade and roll back in"
            + " docs/operations.md.");
  }
}
