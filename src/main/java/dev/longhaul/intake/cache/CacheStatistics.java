package dev.longhaul.intake.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How cacheable calls were answered in this process since it began. */
public final class CacheStatistics {
  /** How one was answered. */
  public enum Event {
    /** From this process's memory. */
    MEMORY_HIT("hit", "memory"),
    /** From Redis. */
    REDIS_HIT("hit", "redis"),
    /** By the run of an equal call that had begun already. */
    SHARED("shared", "none"),
    /** By a run of its own. */
    MISS("miss", "none");

    private final String result;
    private final String level;

    Event(String result, String level) {
      this.result = result;
      this.level = level;
    }

    /** The metric's tag {@code result}: hit, shared or miss. */
    public String result() {
      return result;
    }

    /** The metric's tag {@code level}: memory, redis or none. */
    public String level() {
      return level;
    }
  }

  /** What was called. */
  public enum Kind {
    TOOL,
    RESOURCE,
    LIST
  }

  private record Counted(Kind kind, Event event) {}

  private final Map<Counted, LongAdder> counts = new ConcurrentHashMap<>();
  private final LongAdder evictions = new LongAdder();

  void count(Kind kind, Event event) {
    counts.computeIfAbsent(new Counted(kind, event), _ -> new LongAdder()).increment();
  }

  void evicted() {
    evictions.increment();
  }

  /** How many calls of this kind were answered so. */
  public long count(Event event, Kind kind) {
    LongAdder count = counts.get(new Counted(kind, event));
    return count == null ? 0 : count.sum();
  }

  /** How many results left memory because others needed the room. */
  public long evictions() {
    return evictions.sum();
  }
}
