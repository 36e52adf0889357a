package dev.longhaul.rest;

import dev.longhaul.intake.cache.CacheStatistics;
import dev.longhaul.intake.cache.CacheStatistics.Event;
import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.intake.cache.ResultCache;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The result cache of the process that responds. */
@Schema(name = "Cache", description = "The result cache, as the answering process sees it.")
@Answer
record CacheView(Memory memory, Requests tools, Requests resources, Requests lists) {

  static CacheView of(ResultCache cache) {
    CacheStatistics statistics = cache.statistics();
    ResultCache.Memory memory = cache.memory();
    return new CacheView(
        new Memory(memory.entries(), memory.bytes(), memory.limit(), statistics.evictions()),
        Requests.of(statistics, Kind.TOOL),
        Requests.of(statistics, Kind.RESOURCE),
        Requests.of(statistics, Kind.LIST));
  }

  /** The results in memory. */
  @Answer
  @Schema(name = "CacheMemory")
  record Memory(
      long entries,
      long bytes,
      @Schema(description = "longhaul.cache.memory.") long maxBytes,
      @Schema(description = "Entries that were evicted for lack of memory.") long evictions) {}

  /** The counts of calls by their use of the cache. */
  @Answer
  @Schema(name = "CacheRequests", description = "Since the process began.")
  record Requests(
      @Schema(description = "Found in memory.") long memoryHits,
      @Schema(description = "Found in Redis.") long redisHits,
      @Schema(description = "Joined a run of the same call.") long shared,
      @Schema(description = "Found in neither; the tool ran.") long misses,
      @Schema(description = "Share of calls that needed no run; null before any call.")
          @Nullable Double hitRate) {

    static Requests of(CacheStatistics statistics, Kind kind) {
      long memory = statistics.count(Event.MEMORY_HIT, kind);
      long redis = statistics.count(Event.REDIS_HIT, kind);
      long shared = statistics.count(Event.SHARED, kind);
      long misses = statistics.count(Event.MISS, kind);
      long all = memory + redis + shared + misses;
      Double rate = all == 0 ? null : (double) (all - misses) / all;
      return new Requests(memory, redis, shared, misses, rate);
    }
  }
}
