package dev.longhaul.intake;

import dev.longhaul.queue.QueueAdmin.QueueView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The queues that callers may name: those that a worker serves, a tool waits in, or jobs were in.
 * In any other one a job would wait for ever.
 */
final class NamedQueues {
  /** Who names unknown queues again and again must not have them all counted each time. */
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
   * The name.
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
                + ". Leave it out for the tool's own."));
  }
}
