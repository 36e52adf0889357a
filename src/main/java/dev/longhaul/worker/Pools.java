package dev.longhaul.worker;

import dev.longhaul.job.LocalPools;
import dev.longhaul.thread.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claim loops of this process: those of the configured pools, and those of pools that are
 * opened while it runs ({@link LocalPools}).
 */
final class Pools implements LocalPools {
  private static final Logger log = LoggerFactory.getLogger(Pools.class);

  private final ClaimLoop first;
  private final Function<Pool, ClaimLoop> loopOf;
  private final Map<ClaimLoop, Thread> threads = new HashMap<>();
  private volatile List<ClaimLoop> loops;
  private volatile Map<String, ClaimLoop> byQueue;
  private boolean started;

  /**
   * @param configured the pools that always exist, at least one
   * @param loopOf makes the loop of a pool
   */
  Pools(List<Pool> configured, Function<Pool, ClaimLoop> loopOf) {
    this.loopOf = loopOf;
    this.loops = configured.stream().map(loopOf).toList();
    this.byQueue = byQueue(loops);
    this.first = loops.getFirst();
  }

  /** All loops, the configured ones first. */
  List<ClaimLoop> loops() {
    return loops;
  }

  /** The loop whose pool works on a queue; the first one if several do. */
  Optional<ClaimLoop> of(String queue) {
    return Optional.ofNullable(byQueue.get(queue));
  }

  /** The queues that some pool works on. */
  Set<String> queues() {
    return byQueue.keySet();
  }

  /** How many jobs each pool runs at once, by its name. */
  Map<String, Integer> slots() {
    Map<String, Integer> slots = new LinkedHashMap<>();
    loops.forEach(loop -> slots.put(loop.pool().name(), loop.pool().concurrency()));
    return slots;
  }

  /** Records how an attempt ended, whichever pool its job belongs to. */
  void report(Report report) {
    first.report(report);
  }

  @Override
  public synchronized LocalPool open(String queue, int slots) {
    if (of(queue).isPresent()) {
      throw new IllegalArgumentException(
          "A pool of this process works on queue "
              + queue
              + " already; remove it from longhaul.worker.pools.*.queues");
    }
    ClaimLoop loop = loopOf.apply(new Pool(queue, List.of(queue), slots));
    change(Stream.concat(loops.stream(), Stream.of(loop)).toList());
    if (started) {
      begin(loop);
    }
    return () -> retire(loop);
  }

  private synchronized void retire(ClaimLoop loop) {
    if (!loops.contains(loop)) {
      return;
    }
    change(loops.stream().filter(other -> !other.equals(loop)).toList());
    loop.retire(first);
    if (!threads.containsKey(loop)) {
      loop.endForGood();
    }
    log.info("Pool {} was closed", loop.pool());
  }

  synchronized void start() {
    started = true;
    loops.forEach(this::begin);
  }

  /** Claims nothing more. What has ended is still recorded, until {@link #close}. */
  synchronized void stopClaiming() {
    started = false;
    loops.forEach(ClaimLoop::stopClaiming);
  }

  void stopWaiting() {
    loops.forEach(ClaimLoop::stopWaiting);
  }

  /** Whether a job that is being stored in this process may still come. */
  boolean hasOpenPlaces() {
    return loops.stream().anyMatch(ClaimLoop::hasOpenPlaces);
  }

  /**
   * Ends the loops once everything that was reported is recorded.
   *
   * @return whether that was done within the limit; otherwise they are interrupted
   */
  boolean close(Duration limit) throws InterruptedException {
    List<Thread> ending;
    synchronized (this) {
      loops.forEach(ClaimLoop::close);
      ending = new ArrayList<>(threads.values());
      threads.clear();
    }
    if (await(ending, limit)) {
      return true;
    }
    ending.forEach(Thread::interrupt);
    return false;
  }

  // Repeated, because a loop may have begun a blocking claim just after the request to stop.
  private boolean await(List<Thread> ending, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (Thread claims : ending) {
      while (!claims.join(Duration.ofMillis(50))) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        stopWaiting();
      }
    }
    return true;
  }

  private void begin(ClaimLoop loop) {
    threads.values().removeIf(thread -> !thread.isAlive());
    loop.open();
    threads.put(loop, Threads.lasting("longhaul-claims-" + loop.pool().name(), loop));
    log.info("Working in pool {}", loop.pool());
  }

  private void change(List<ClaimLoop> now) {
    loops = now;
    byQueue = byQueue(now);
  }

  private static Map<String, ClaimLoop> byQueue(List<ClaimLoop> loops) {
    Map<String, ClaimLoop> found = new LinkedHashMap<>();
    for (ClaimLoop loop : loops) {
      loop.pool().queues().forEach(queue -> found.putIfAbsent(queue, loop));
    }
    return found;
  }
}
