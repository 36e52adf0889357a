package dev.longhaul.queue.redis;

import dev.longhaul.redis.KeyTags;
import java.util.List;
import java.util.Optional;

/**
 * The name that a worker gives the connection on which a pool waits for jobs, so that CLIENT LIST
 * shows which queues are served.
 *
 * @param id tells the connection from all others
 */
public record WorkerConnectionName(String id, String namespace, List<String> queues) {
  private static final String PREFIX = "longhaul-wait-";
  private static final String PARTS = ":";
  private static final String LIST = ",";

  public WorkerConnectionName {
    // CLIENT SETNAME refuses blanks and the like; such a queue is served all the same.
    queues = queues.stream().filter(KeyTags::isPlain).toList();
  }

  /** Reads a name; empty for a connection of something else. */
  public static Optional<WorkerConnectionName> parse(String name) {
    String[] parts = name.split(PARTS, -1);
    if (!name.startsWith(PREFIX) || parts.length != 3) {
      return Optional.empty();
    }
    return Optional.of(
        new WorkerConnectionName(
            parts[0].substring(PREFIX.length()), parts[1], List.of(parts[2].split(LIST, -1))));
  }

  @Override
  public String toString() {
    return PREFIX + id + PARTS + namespace + PARTS + String.join(LIST, queues);
  }
}
