package dev.longhaul.intake.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy.Eviction;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.longhaul.job.CacheKey;
import dev.longhaul.queue.CacheStore.CachedResult;
import dev.longhaul.queue.CacheStore.Invalidation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Cached results in this process's memory, bounded by the bytes that they take. */
final class LocalCache {
  /** What an entry takes besides its result: keys, nodes, times. */
  private static final int OVERHEAD = 512;

  private final Cache<CacheKey, Entry> entries;
  private final Ticker ticker;
  private final AtomicLong invalidations = new AtomicLong();

  private record Entry(CachedResult result, long storedAt, Duration life) {}

  /**
   * @param bytes how much memory all results may take
   */
  LocalCache(long bytes, CacheStatistics statistics, Ticker ticker) {
    this.ticker = ticker;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((CacheKey key, Entry entry) ->
                OVERHEAD + 2 * key.name().length() + bytes(entry.result().json()))
            .expireAfter(Expiry.writing((CacheKey _, Entry entry) -> entry.life()))
            .evictionListener((_, _, cause) -> {
              if (cause == RemovalCause.SIZE) {
                statistics.evicted();
              }
            })
            // Evicting is quick, and the common pool belongs to the application.
            .executor(Runnable::run)
            .ticker(ticker)
            .build();
  }

  // A String takes one byte for each character, or two for each if any of them needs two.
  private static int bytes(String text) {
    return text.chars().allMatch(c -> c <= 0xFF) ? text.length() : 2 * text.length();
  }

  Optional<CachedResult> find(CacheKey key) {
    return Optional.ofNullable(entries.getIfPresent(key))
        .map(entry -> entry.result().older(Duration.ofNanos(ticker.read() - entry.storedAt())));
  }

  /** How often something was invalidated; read it before the result that is to be put here. */
  long invalidations() {
    return invalidations.get();
  }

  /**
   * Puts a result here, unless something was invalidated since it was read.
   *
   * @param longest how long it may stay here at most
   * @param before what {@link #invalidations} was before it was read
   */
  void put(CacheKey key, CachedResult result, Duration longest, long before) {
    Duration life = result.left().compareTo(longest) < 0 ? result.left() : longest;
    if (invalidations.get() == before) {
      entries.put(key, new Entry(result, ticker.read(), life));
      if (invalidations.get() != before) {
        entries.invalidate(key); // it may have been invalidated just before it was put here
      }
    }
  }

  void invalidate(Invalidation what) {
    invalidations.incrementAndGet();
    entries.asMap().keySet().removeIf(what::covers);
  }

  ResultCache.Memory memory() {
    entries.cleanUp();
    Eviction<CacheKey, Entry> eviction = entries.policy().eviction().orElseThrow();
    return new ResultCache.Memory(
        entries.estimatedSize(), eviction.weightedSize().orElse(0), eviction.getMaximum());
  }
}
