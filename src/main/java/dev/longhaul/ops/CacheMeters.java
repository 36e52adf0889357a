package dev.longhaul.ops;

import dev.longhaul.intake.cache.CacheStatistics;
import dev.longhaul.intake.cache.CacheStatistics.Event;
import dev.longhaul.intake.cache.CacheStatistics.Kind;
import dev.longhaul.intake.cache.ResultCache;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;

/**
 * The result cache of this process: {@code longhaul.cache.requests} by kind, result and level,
 * {@code longhaul.cache.memory.size} in bytes, {@code longhaul.cache.memory.entries} and {@code
 * longhaul.cache.evictions}.
 */
final class CacheMeters implements MeterBinder {
  private final ResultCache cache;

  CacheMeters(ResultCache cache) {
    this.cache = cache;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    CacheStatistics statistics = cache.statistics();
    for (Kind kind : Kind.values()) {
      for (Event event : Event.values()) {
        FunctionCounter.builder(
                "longhaul.cache.requests",
                statistics,
                counted -> (double) counted.count(event, kind))
            .description("Cacheable calls")
            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
            .tag("result", event.result())
            .tag("level", event.level())
            .register(registry);
      }
    }
    FunctionCounter.builder(
            "longhaul.cache.evictions", statistics, counted -> (double) counted.evictions())
        .description("Cached results that left memory because others needed the room")
        .register(registry);
    Gauge.builder("longhaul.cache.memory.size", cache, its -> (double) its.memory().bytes())
        .description("Memory that cached results take")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("longhaul.cache.memory.entries", cache, its -> (double) its.memory().entries())
        .description("Cached results in memory")
        .register(registry);
  }
}
