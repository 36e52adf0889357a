package dev.longhaul.queue.redis;

import dev.longhaul.job.JobRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The shards of this installation: new jobs go to the configured ones; every shard that may still
 * hold jobs is served. A job's id contains its shard, so jobs are never moved.
 */
final class Shards {
  /** The maximum that an id can represent. */
  static final int MAX = 1024;

  // How long claims skip a shard whose node does not respond.
  private static final long ASIDE_NANOS = 2_000_000_000L;

  private final int configured;
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<Integer, Long> aside = new ConcurrentHashMap<>();
  private volatile List<Integer> served;

  /**
   * @param configured {@code longhaul.redis.shards}
   */
  Shards(int configured) {
    if (configured < 1 || configured > MAX) {
      throw new IllegalArgumentException(
          "longhaul.redis.shards must be 1 to " + MAX + ", not " + configured);
    }
    this.configured = configured;
    this.served = upTo(configured);
  }

  int configured() {
    return configured;
  }

  /** Extends the served shards to that many. */
  void serve(int known) {
    int count = Math.min(MAX, Math.max(configured, known));
    if (served.size() != count) {
      served = upTo(count);
    }
  }

  /** Every shard that may hold jobs. */
  List<Integer> all() {
    return served;
  }

  /**
   * The shard for new jobs that are stored together. Children go to the shard of their flow, jobs
   * with limits to that of their tool, jobs with an idempotency key to that of the key; others to
   * any shard.
   *
   * @param away whether the node of a shard is known to be unavailable; jobs for any shard avoid it
   * @throws IllegalArgumentException if the jobs belong to different shards
   */
  int of(List<JobRequest> requests, IntPredicate away) {
    int bound = -1;
    for (JobRequest request : requests) {
      int its = of(request);
      if (its >= 0 && bound >= 0 && its != bound) {
        throw new IllegalArgumentException(
            "jobs that belong to different shards cannot be stored in one go");
      }
      bound = Math.max(bound, its);
    }
    return bound >= 0 ? bound : next(away);
  }

  /**
   * The shard for a new job of a call: that of its digest, where it belongs to no other.
   *
   * @param away as above
   */
  int of(JobRequest request, String digest, IntPredicate away) {
    int bound = of(request);
    int home = home(digest);
    return bound >= 0 ? bound : isAside(home) || away.test(home) ? next(away) : home;
  }

  private int of(JobRequest request) {
    if (request.flow() != null) {
      return request.flow().flow().shard();
    }
    if (!request.limits().none() && request.tool() != null) {
      return home(request.tool());
    }
    return request.idempotency() != null ? home(request.idempotency().digest()) : -1;
  }

  private int next(IntPredicate away) {
    for (int i = 0; i < configured; i++) {
      int shard = next();
      if (!isAside(shard) && !away.test(shard)) {
        return shard;
      }
    }
    return next();
  }

  /** The next shard for a job that can go to any. */
  int next() {
    return Math.floorMod(turn.getAndIncrement(), configured);
  }

  /**
   * The shard for everything about a name, such as a tool's limits; the same in every process with
   * the same setting.
   */
  int home(String name) {
    // String's hash is specified, so it is the same in every JVM; its low bits alone are poor.
    int hash = name.hashCode() * 0x9E3779B9;
    return Math.floorMod(hash ^ (hash >>> 16), configured);
  }

  /** All shards in rotating order, without those that are skipped. */
  List<Integer> rotation() {
    List<Integer> all = served;
    int first = Math.floorMod(turn.getAndIncrement(), all.size());
    List<Integer> order = new ArrayList<>(all.size());
    List<Integer> skipped = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      int shard = all.get((first + i) % all.size());
      (isAside(shard) ? skipped : order).add(shard);
    }
    return order.isEmpty() ? skipped : order;
  }

  /** Skips a shard in claims for a while, because its node does not respond. */
  void putAside(int shard) {
    aside.put(shard, System.nanoTime() + ASIDE_NANOS);
  }

  boolean isAside(int shard) {
    Long until = aside.get(shard);
    if (until != null && System.nanoTime() - until >= 0) {
      aside.remove(shard, until);
      return false;
    }
    return until != null;
  }

  /** Groups things by shard, each group in the given order. */
  static <T> Map<Integer, List<T>> group(Collection<T> things, ToIntFunction<T> shard) {
    Map<Integer, List<T>> groups = new TreeMap<>();
    for (T thing : things) {
      groups.computeIfAbsent(shard.applyAsInt(thing), _ -> new ArrayList<>()).add(thing);
    }
    return groups;
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
