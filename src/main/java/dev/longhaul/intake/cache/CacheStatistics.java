package dev.longhaul.intake.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts how cacheable calls were answered in this process since its start. */
public final class CacheStatistics {
  /** How a call was answered. */
  public enum Event {
    /** From this process's memory. */
    MEMORY_HIT("hit", "memory"),
    /** From Redis. */
    REDIS_HIT("hit", "redis"),
    /** By the run of an equal call that was already in progress. */
    SHARED("shared", "none"),
    /** By running the tool. */
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

  /** The kind of call. */
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

  /** How many calls of this kind were answered in this way. */
  public long count(Event event, Kind kind) {
    LongAdder count = counts.get(new Counted(kind, event));
    return count == null ? 0 : count.sum();
  }

  /** How many results were removed from memory to make room for others. */
  public long evictions() {
    return evictions.sum();
  }
}
