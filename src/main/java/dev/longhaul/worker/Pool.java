package dev.longhaul.worker;

import dev.longhaul.thread.Threads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * A pool of slots that runs the jobs of some queues.
 *
 * @param name its name in the configuration and in the names of its threads
 * @param queues the queues it works on, in order of preference
 * @param concurrency how many jobs run at once, at least 1; each on a platform thread, because
 *     CPU-bound code on virtual threads delays all other virtual threads
 */
record Pool(String name, List<String> queues, int concurrency) {
  private static final String SETTING = "longhaul.worker.pools.";
  private static final int SLOTS = 50;

  /**
   * The pools of this process: io for tools that wait, cpu for CPU-bound tools, and those of the
   * configuration, which may also change these two.
   *
   * @throws IllegalArgumentException naming an invalid setting
   */
  static List<Pool> of(Map<String, PoolSettings> configured) {
    Map<String, PoolSettings> pools = new LinkedHashMap<>();
    pools.put("io", new PoolSettings(List.of("default", "io"), SLOTS, null));
    pools.put("cpu", new PoolSettings(List.of("cpu"), processors(), PoolThreads.PLATFORM));
    configured.forEach(
        (name, settings) -> pools.merge(name, settings, (known, set) -> set.orElse(known)));
    List<Pool> running =
        pools.entrySet().stream()
            .map(entry -> of(entry.getKey(), entry.getValue()))
            .filter(pool -> pool.concurrency > 0)
            .toList();
    if (running.isEmpty()) {
      throw new IllegalArgumentException(
          SETTING
              + "*.concurrency is 0 for every pool; set longhaul.role=api for a process that runs no jobs");
    }
    return running;
  }

  private static Pool of(String name, PoolSettings settings) {
    int slots = settings.threads() == PoolThreads.PLATFORM ? processors() : SLOTS;
    int concurrency = Objects.requireNonNullElse(settings.concurrency(), slots);
    List<String> queues = Objects.requireNonNullElse(settings.queues(), List.of(name));
    if (concurrency < 0) {
      throw new IllegalArgumentException(
          SETTING + name + ".concurrency must not be below 0, but is " + concurrency);
    }
    if (queues.isEmpty() || queues.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(SETTING + name + ".queues must name at least one queue");
    }
    return new Pool(name, queues, concurrency);
  }

  /** The threads for its jobs; idle threads end by themselves. */
  Executor newThreads() {
    // Unbounded: slots limit the running jobs, and jobs that wait for a client need further
    // threads.
    return new JobThreads(Threads.reused("longhaul-" + name));
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public String toString() {
    return "%s with %d slots for queues %s".formatted(name, concurrency, queues);
  }
}
