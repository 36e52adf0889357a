package dev.longhaul.ops.production;

import dev.longhaul.job.Role;
import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import dev.longhaul.worker.WorkerProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Whether limits are set to values that make sense together. */
final class LimitsCheck implements ProductionCheck {
  private static final String CHECK = "limits";
  private static final int MANY_SLOTS = 1_000;
  private static final Duration SHORT_LEASE = Duration.ofSeconds(5);
  private static final Duration SPRINGS_PHASE = Duration.ofSeconds(30);

  /** Limits that protect all callers from one; 0 switches each off. */
  private static final List<String> BOUNDS =
      List.of(
          "longhaul.queue.max-length",
          "longhaul.quotas.caller-jobs",
          "longhaul.quotas.caller-bytes",
          "longhaul.quotas.jobs",
          "longhaul.quotas.bytes");

  private final Binder settings;
  private final long heap;

  /**
   * @param heap the largest heap in bytes
   */
  LimitsCheck(Environment environment, long heap) {
    this.settings = Binder.get(environment);
    this.heap = heap;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    bounds(found);
    memory(found);
    if (settings.bind(Role.PROPERTY, Role.class).orElse(Role.ALL).runsJobs()) {
      worker(found);
    }
    Duration lease = settings.bind("longhaul.queue.lease", Duration.class).orElse(SHORT_LEASE);
    if (lease.compareTo(SHORT_LEASE) < 0) {
      found.add(
          Finding.warn(
              CHECK,
              "longhaul.queue.lease is "
                  + lease.toMillis()
                  + " ms: a short pause of a worker loses it its jobs.",
              "Set longhaul.queue.lease to 12s."));
    }
    return found.isEmpty()
        ? List.of(Finding.pass(CHECK, "Queues, callers, memory and workers are bounded."))
        : found;
  }

  private void bounds(List<Finding> found) {
    List<String> off =
        BOUNDS.stream()
            .filter(name ->
                settings
                    .bind(name, DataSize.class)
                    .map(value -> value.toBytes() == 0)
                    .orElse(false))
            .toList();
    if (!off.isEmpty()) {
      found.add(
          Finding.warn(
              CHECK,
              String.join(", ", off) + " 0: one caller can fill the store for all.",
              "Leave them unset, or set numbers that your Redis can hold."));
    }
  }

  private void memory(List<Finding> found) {
    for (String name : List.of("longhaul.http.in-flight.max-bytes", "longhaul.cache.memory")) {
      long bytes = settings.bind(name, DataSize.class).orElse(DataSize.ofBytes(0)).toBytes();
      if (bytes > heap / 2) {
        found.add(
            Finding.fail(
                CHECK,
                name + " is more than half of the largest heap (" + (heap >> 20) + " MB).",
                "Lower " + name + ", or give the process more heap."));
      }
    }
  }

  private void worker(List<Finding> found) {
    WorkerProperties worker = settings.bindOrCreate("longhaul.worker", WorkerProperties.class);
    Duration phase =
        settings
            .bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
            .orElse(SPRINGS_PHASE);
    if (worker.drain().compareTo(phase) >= 0) {
      found.add(
          Finding.fail(
              CHECK,
              "longhaul.worker.drain ("
                  + worker.drain().toSeconds()
                  + " s) is not below spring.lifecycle.timeout-per-shutdown-phase ("
                  + phase.toSeconds()
                  + " s), which ends it.",
              "Raise spring.lifecycle.timeout-per-shutdown-phase above the drain."));
    }
    int slots = worker.slots().values().stream().mapToInt(Integer::intValue).sum();
    if (slots > MANY_SLOTS) {
      found.add(
          Finding.warn(
              CHECK,
              slots + " slots in one process, each a thread of the operating system.",
              "Lower longhaul.worker.pools.<name>.concurrency, and run more workers."));
    }
  }
}
