package dev.longhaul.ops;

import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.worker.Worker;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Health of the queue: down while it cannot be read, or while this process's worker has stopped.
 * The number of waiting jobs is shown but does not affect the status, since restarting the process
 * would not help.
 */
final class QueueHealth implements HealthIndicator {
  private final DepthReader depths;
  private final ObjectProvider<Worker> worker;

  QueueHealth(DepthReader depths, ObjectProvider<Worker> worker) {
    this.depths = depths;
    this.worker = worker;
  }

  @Override
  public Health health() {
    QueueDepths read;
    try {
      read = depths.read();
    } catch (QueueUnavailableException e) {
      return Health.down().withDetail("reason", String.valueOf(e.getMessage())).build();
    }
    Health.Builder health = Health.up();
    Worker own = worker.getIfAvailable();
    if (own != null) {
      health = own.isRunning() ? health : Health.down();
      health.withDetail("runningHere", own.runningJobs());
      if (!own.stuckTools().isEmpty()) {
        // Not down: requests are still served, and other workers run the jobs.
        health.withDetail("stuckTools", own.stuckTools().stream().sorted().toList());
      }
    }
    long waiting =
        read.waiting().values().stream().flatMap(bands -> bands.stream()).mapToLong(n -> n).sum();
    return health
        .withDetail("waiting", waiting + read.heldBack())
        .withDetail("heldBack", read.heldBack())
        .withDetail("scheduled", read.scheduled())
        .withDetail("running", read.running())
        .withDetail("oldestWaitingSeconds", read.oldestWaiting().toSeconds())
        .build();
  }
}
