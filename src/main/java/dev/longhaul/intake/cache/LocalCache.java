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

/** Caches results in this process's memory, limited by their size in bytes. */
final class LocalCache {
  /** The size of an entry without its result, in bytes: key, map node, times. */
  private static final int OVERHEAD = 512;

  private final Cache<CacheKey, Entry> entries;
  private final Ticker ticker;
  private final AtomicLong invalidations = new AtomicLong();

  private record Entry(CachedResult result, long storedAt, Duration life) {}

  /**
   * @param bytes the maximum size of all results
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
            // Eviction is quick, and the common pool must be left to the application.
            .executor(Runnable::run)
            .ticker(ticker)
            .build();
  }

  // A String uses one byte per character (Latin-1), or two if any character needs two.
  private static int bytes(String text) {
    return text.chars().allMatch(c -> c <= 0xFF) ? text.length() : 2 * text.length();
  }

  Optional<CachedResult> find(CacheKey key) {
    return Optional.ofNullable(entries.getIfPresent(key))
        .map(entry -> entry.result().older(Duration.ofNanos(ticker.read() - entry.storedAt())));
  }

  /** The number of invalidations; to be read before the result that will be stored here. */
  long invalidations() {
    return invalidations.get();
  }

  /**
   * Stores a result, unless something was invalidated since it was read.
   *
   * @param longest the longest time to store it
   * @param before the value of {@link #invalidations} before the result was read
   */
  void put(CacheKey key, CachedResult result, Duration longest, long before) {
    Duration life = result.left().compareTo(longest) < 0 ? result.left() : longest;
    if (invalidations.get() == before) {
      entries.put(key, new Entry(result, ticker.read(), life));
      if (invalidations.get() != before) {
        entries.invalidate(key); // an invalidation may have run between the check and the put
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
