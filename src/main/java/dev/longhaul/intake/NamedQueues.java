package dev.longhaul.intake;

import dev.longhaul.queue.QueueAdmin.QueueView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks queue names in requests. A queue may be named if a worker serves it, a tool uses it, or it
 * ever had a job; in any other queue a job would wait forever.
 */
final class NamedQueues {
  /** Limits how often requests with unknown names cause the list of queues to be read. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private record Known(Set<String> names, Instant readAt) {}

  private final QueueControl queues;
  private final Clock clock;
  private volatile Known known = new Known(Set.of(), Instant.MIN);

  NamedQueues(QueueControl queues, Clock clock) {
    this.queues = queues;
    this.clock = clock;
  }

  /**
   * Returns the name if there is such a queue.
   *
   * @throws IntakeException {@link Refusal.BadRequest} if there is no such queue
   */
  String checked(String name) {
    Known last = known;
    if (!last.names().contains(name) && last.readAt().isBefore(clock.instant().minus(FRESH))) {
      last =
          new Known(
              queues.queues().stream().map(QueueView::name).collect(Collectors.toSet()),
              clock.instant());
      known = last;
    }
    if (last.names().contains(name)) {
      return name;
    }
    throw new IntakeException(
        new Refusal.BadRequest(
            "queue",
            "No worker serves a queue of this name; there are "
                + String.join(", ", new TreeSet<>(last.names()))
                + ". Leave it out to use the tool's queue."));
  }
}
