package dev.longhaul.worker;

import dev.longhaul.thread.Threads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Slots of this process that work on some queues.
 *
 * @param name its name in configuration and in the names of its threads
 * @param queues the named queues it works on, the preferred first
 * @param concurrency how many jobs run at once, at least 1; each on a platform thread, because a
 *     tool that computes on a virtual one keeps all others of the process from running
 */
record Pool(String name, List<String> queues, int concurrency) {
  private static final String SETTING = "longhaul.worker.pools.";
  private static final int SLOTS = 50;

  /**
   * The pools of this process: io for tools that wait and cpu for tools that compute, changed and
   * supplemented by configuration.
   *
   * @throws IllegalArgumentException naming the setting that makes no sense
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
              + "*.concurrency is 0 for every pool; a process that works on nothing needs"
              + " longhaul.role=api");
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

  /** What runs its jobs; threads that have nothing to do end by themselves. */
  Executor newThreads() {
    // Slots bound how many jobs run; those that wait for a client keep a thread besides.
    return Threads.reused("longhaul-" + name);
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public String toString() {
    return "%s with %d slots for queues %s".formatted(name, concurrency, queues);
  }
}
