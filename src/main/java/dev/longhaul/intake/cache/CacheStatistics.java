package dev.longhaul.intake.cache;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What became of calls whose answers may be kept, in this process since it began. */
public final class CacheStatistics {
  /** What became of one. */
  public enum Result {
    /** Answered from this process's memory. */
    MEMORY_HIT("hit", "memory"),
    /** Answered from Redis. */
    REDIS_HIT("hit", "redis"),
    /** Shares the run of the same call, which had begun already. */
    SHARED("shared", "none"),
    /** Had to be made. */
    MISS("miss", "none");

    private final String wire;
    private final String level;

    Result(String wire, String level) {
      this.wire = wire;
      this.level = level;
    }

    /** For a tag of a metric: hit, shared or miss. */
    public String wire() {
      return wire;
    }

    /** Where the answer was: memory, redis or none. */
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

  private final Map<Kind, Map<Result, LongAdder>> counts = new EnumMap<>(Kind.class);
  private final LongAdder evictions = new LongAdder();

  CacheStatistics() {
    for (Kind kind : Kind.values()) {
      Map<Result, LongAdder> results = new EnumMap<>(Result.class);
      Arrays.stream(Result.values()).forEach(result -> results.put(result, new LongAdder()));
      counts.put(kind, results);
    }
  }

  void count(Kind kind, Result result) {
    adder(kind, result).increment();
  }

  void evicted() {
    evictions.increment();
  }

  /** How often that became of such a call. */
  public long count(Result result, Kind kind) {
    return adder(kind, result).sum();
  }

  /** How many answers had to leave memory for want of room. */
  public long evictions() {
    return evictions.sum();
  }

  private LongAdder adder(Kind kind, Result result) {
    LongAdder adder = counts.getOrDefault(kind, Map.of()).get(result);
    if (adder == null) {
      throw new IllegalStateException("all are there from the start");
    }
    return adder;
  }
}
