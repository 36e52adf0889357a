package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;
import dev.longhaul.queue.redis.WorkerConnectionName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a worker is connected for every queue. Each pool of a worker keeps a connection to wait
 * for jobs, whose name has its queues.
 */
final class WorkersPresent {
  private static final String CHECK = "workers";

  private WorkersPresent() {}

  /**
   * @param needed the queues that tools use, and those that the store knows
   */
  static Finding of(RedisAnswers redis, String namespace, Set<String> needed) {
    List<String> clients = redis.clients();
    if (clients.isEmpty()) {
      return Unreadable.finding(CHECK, "+client|list");
    }
    List<WorkerConnectionName> workers =
        clients.stream()
            .map(WorkerConnectionName::parse)
            .flatMap(Optional::stream)
            .filter(worker -> worker.namespace().equals(namespace))
            .toList();
    if (workers.isEmpty()) {
      return Finding.fail(
          CHECK,
          "No worker is connected for the namespace "
              + namespace
              + ": jobs are accepted, and wait.",
          "Start a process with longhaul.role=worker (or all) and the same longhaul.namespace.");
    }
    Set<String> served = new TreeSet<>();
    workers.forEach(worker -> served.addAll(worker.queues()));
    Set<String> missing = new TreeSet<>(needed);
    missing.removeAll(served);
    return missing.isEmpty()
        ? Finding.pass(CHECK, "A worker is connected for each of the queues " + list(needed) + ".")
        : Finding.fail(
            CHECK,
            "No worker is connected for " + list(missing) + "; their jobs wait.",
            "Add them to a pool of a worker: longhaul.worker.pools.<name>.queues.");
  }

  private static String list(Set<String> queues) {
    return String.join(", ", new TreeSet<>(queues));
  }
}
