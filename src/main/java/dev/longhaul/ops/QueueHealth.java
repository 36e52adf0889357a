package dev.longhaul.ops;

import dev.longhaul.ops.health.HealthReport;
import dev.longhaul.ops.health.InstallationHealth;
import dev.longhaul.queue.QueueDepths;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.worker.Worker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Health of the queue: down while it cannot be read, or while this process's worker has stopped.
 * The figures of the installation are shown but do not affect the status unless a setting says so,
 * since restarting the process would not help.
 */
final class QueueHealth implements HealthIndicator {
  private final DepthReader depths;
  private final ObjectProvider<Worker> worker;
  private final InstallationHealth installation;
  private final boolean thresholds;

  /**
   * @param thresholds whether an unhealthy installation is down
   */
  QueueHealth(
      DepthReader depths,
      ObjectProvider<Worker> worker,
      InstallationHealth installation,
      boolean thresholds) {
    this.depths = depths;
    this.worker = worker;
    this.installation = installation;
    this.thresholds = thresholds;
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
    HealthReport report = installation.report();
    if (thresholds && !report.healthy()) {
      health = health.down();
    }
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("queue_size", report.figures().queueSize());
    figures.put("failed_jobs", report.figures().failedJobs());
    figures.put("average_processing_time", report.figures().averageProcessingTime());
    figures.put("success_rate", report.figures().successRate());
    figures.put("oldest_pending_job", report.figures().oldestPendingJob());
    return health
        .withDetail("waiting", read.allWaiting() + read.heldBack())
        .withDetail("heldBack", read.heldBack())
        .withDetail("scheduled", read.scheduled())
        .withDetail("running", read.running())
        .withDetail("oldestWaitingSeconds", read.oldestWaiting().toSeconds())
        .withDetail("status", report.status())
        .withDetail("metrics", figures)
        .build();
  }
}
