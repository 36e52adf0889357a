package dev.longhaul.intake.cache;

import dev.longhaul.intake.cache.CacheStatistics.Event;
import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.intake.cache.CacheableCalls.CacheableCall;
import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Utf8;
import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.CacheStore.Begin;
import dev.longhaul.queue.CacheStore.CachedResult;
import dev.longhaul.queue.QueueUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cached results, in this process's memory and, for all processes, in Redis. If Redis does not
 * answer, calls run as if nothing were cached, and Redis is not used for a few seconds.
 */
final class CachedResults {
  /** The name of lists in keys, different from all names of tools and resources. */
  static final String LISTS = " lists";

  private static final Logger log = LoggerFactory.getLogger(CachedResults.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final String CACHED = "dev.longhaul/cached";
  private static final String AGE = "dev.longhaul/cache_age_seconds";

  private final LocalCache local;
  private final CacheStore redis;
  private final CacheStatistics statistics;
  private final CacheProperties limits;
  private final LongSupplier nanoTime;
  private final JsonMapper json;
  private final AtomicLong pausedUntil;

  CachedResults(
      LocalCache local,
      CacheStore redis,
      CacheStatistics statistics,
      CacheProperties limits,
      LongSupplier nanoTime,
      JsonMapper json) {
    this.local = local;
    this.redis = redis;
    this.statistics = statistics;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.json = json;
    this.pausedUntil = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * The cached result, counted as a hit and marked as cached; empty, and not counted, if there is
   * none.
   */
  Optional<Outcome> find(CacheableCall call) {
    Optional<CachedResult> found = local.find(call.key());
    Event hit = found.isPresent() ? Event.MEMORY_HIT : Event.REDIS_HIT;
    if (found.isEmpty()) {
      long before = local.invalidations();
      found = orElse(Optional.empty(), () -> redis.find(call.key()));
      found.ifPresent(result -> putHere(call.key(), result, before));
    }
    return found.map(result -> {
      count(call, hit);
      return marked(result);
    });
  }

  /** Like {@link CacheStore#begin}, but uncached if Redis does not answer. */
  Begin begin(CacheableCall call, boolean noCache) {
    long before = local.invalidations();
    Begin begin =
        orElse(
            new Begin.Uncached(),
            () -> redis.begin(call.key(), call.flight(), call.life(), call.longest(), noCache));
    if (begin instanceof Begin.Hit(CachedResult result)) {
      putHere(call.key(), result, before);
    }
    return begin;
  }

  /**
   * Ends a run, and caches its result unless it is too large or was invalidated during the run.
   *
   * @param outcome the outcome, or null if it must not be cached
   * @param job the job that produced it, or null
   */
  void end(CacheRun run, @Nullable Outcome outcome, @Nullable JobId job) {
    String result =
        outcome instanceof Outcome.Answered(String text, boolean isError)
                && !isError
                && !isTooLarge(text)
            ? text
            : null;
    long before = local.invalidations();
    if (orElse(false, () -> redis.end(run, result, job)) && result != null) {
      putHere(run.key(), new CachedResult(result, Duration.ZERO, run.life(), job), before);
    }
  }

  private void putHere(CacheKey key, CachedResult result, long before) {
    local.put(key, result, limits.memoryTime(), before);
  }

  private boolean isTooLarge(String result) {
    long most = limits.maxEntry().toBytes();
    return result.length() > most // never fewer bytes than characters
        || (result.length() > most / 3 && Utf8.length(result) > most);
  }

  private <T> T orElse(T without, Supplier<T> inRedis) {
    if (nanoTime.getAsLong() - pausedUntil.get() < 0) {
      return without;
    }
    try {
      return inRedis.get();
    } catch (QueueUnavailableException e) {
      pausedUntil.set(nanoTime.getAsLong() + PAUSE.toNanos());
      log.warn(
          "The result cache in Redis does not answer ({}); calls run without it for {} s",
          e.getMessage(),
          PAUSE.toSeconds());
      return without;
    }
  }

  /** A page of a list. Each process builds them from its memory, so they are cached only there. */
  ObjectNode page(String list, String cursor, Supplier<ObjectNode> made) {
    CacheKey key = new CacheKey(LISTS, list + " " + cursor, "-");
    long before = local.invalidations();
    Optional<CachedResult> cached = local.find(key);
    statistics.count(Kind.LIST, cached.isPresent() ? Event.MEMORY_HIT : Event.MISS);
    if (cached.isPresent()) {
      return (ObjectNode) json.readTree(cached.get().json());
    }
    ObjectNode page = made.get();
    String text = json.writeValueAsString(page);
    Duration life = limits.lists();
    local.put(key, new CachedResult(text, Duration.ZERO, life, null), life, before);
    return page;
  }

  /** The result, marked in its {@code _meta} as coming from the cache. */
  Outcome marked(CachedResult cached) {
    ObjectNode result = (ObjectNode) json.readTree(cached.json());
    ObjectNode meta =
        result.get("_meta") instanceof ObjectNode given ? given : result.putObject("_meta");
    meta.put(CACHED, true).put(AGE, cached.age().toMillis() / 1000.0);
    return new Outcome.Answered(json.writeValueAsString(result), false);
  }

  void count(CacheableCall call, Event event) {
    statistics.count(call.kind(), event);
  }
}
