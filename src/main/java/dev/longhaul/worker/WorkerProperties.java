package dev.longhaul.worker;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The worker of one process.
 *
 * @param concurrency how many jobs run at once
 * @param queues the named queues to work on, the preferred first
 * @param drain how long running jobs may finish when the process is told to stop
 * @param reapInterval the longest time between two looks for leases of lost workers; at most a
 *     third of a lease, whatever is set. When a lease is about to end, workers look just then
 */
@ConfigurationProperties("longhaul.worker")
public record WorkerProperties(
    @DefaultValue("50") int concurrency,
    @DefaultValue("default") List<String> queues,
    @DefaultValue("30s") Duration drain,
    @DefaultValue("5s") Duration reapInterval) {

  public WorkerProperties {
    queues = List.copyOf(queues);
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "longhaul.worker.concurrency must be at least 1, not " + concurrency);
    }
    if (queues.isEmpty()) {
      throw new IllegalArgumentException("longhaul.worker.queues must name at least one queue");
    }
  }
}
