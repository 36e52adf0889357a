package dev.longhaul.ops;

import dev.longhaul.queue.QueueAdmin;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code /actuator/leftovers}: leaked keys in the store, which should have a time to live and have
 * none. Not exposed unless {@code management.endpoints.web.exposure.include} names it.
 */
@Endpoint(id = "leftovers")
public final class LeftoversEndpoint {
  private static final int MOST = 1000;

  private final QueueAdmin queues;

  LeftoversEndpoint(QueueAdmin queues) {
    this.queues = queues;
  }

  /** Searches the whole store, which takes about a second per 100,000 keys. */
  @ReadOperation
  public Leftovers leftovers() {
    List<String> keys = queues.leftovers(MOST);
    return new Leftovers(keys.size(), keys);
  }

  /**
   * The leaked keys.
   *
   * @param count how many; 1000 means that there may be more
   * @param keys their names in Redis
   */
  public record Leftovers(int count, List<String> keys) {}
}
