package dev.longhaul.mcp.delivery;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides the delivery of a call from what its request says. Knows nothing of threads or sockets.
 *
 * @param grace see {@link Delivery.AsTask}
 * @param taskTtl see {@link Delivery.AsTask}
 * @param hold see {@link Delivery.Held}
 * @param holdByClient the hold for clients of earlier revisions by their name
 */
public record DeliveryChoice(
    Duration grace, Duration taskTtl, Duration hold, Map<String, Duration> holdByClient) {

  public DeliveryChoice {
    holdByClient = Map.copyOf(holdByClient);
  }

  /**
   * The delivery of one call.
   *
   * @param runsInline whether the tool's policy is to run at once
   * @param tasksDeclared whether this very request declared the tasks extension
   * @param toolHold the hold of the tool's policy, or null if it has none
   * @param legacyClient the name a client of an earlier revision gave itself; null on a modern
   *     request, where the name must change nothing
   */
  public Delivery of(
      boolean runsInline,
      boolean tasksDeclared,
      @Nullable Duration toolHold,
      @Nullable String legacyClient) {
    if (runsInline) {
      return new Delivery.Inline();
    }
    if (tasksDeclared) {
      return new Delivery.AsTask(grace, taskTtl);
    }
    // A client that gives up early does so whichever tool it calls, so what is known of it wins.
    Duration special = legacyClient == null ? null : holdByClient.get(legacyClient);
    return new Delivery.Held(
        special != null ? special : Objects.requireNonNullElse(toolHold, hold));
  }
}
