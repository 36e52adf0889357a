package dev.longhaul.intake.cache;

import dev.longhaul.catalog.OnStart;
import dev.longhaul.catalog.PageCache;
import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.CallCache;
import dev.longhaul.intake.IntakeProperties;
import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.tool.CachePredicate;
import dev.longhaul.tool.Changes;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The beans of the result cache, for all front doors and workers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
public class CacheConfiguration {
  private final CacheProperties properties;
  private final JsonMapper json;
  private final CacheStatistics statistics = new CacheStatistics();
  private final LocalCache local;

  CacheConfiguration(
      CacheProperties properties, @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    this.properties = properties;
    this.json = json;
    this.local = new LocalCache(properties.memory().toBytes(), statistics, System::nanoTime);
  }

  @Bean
  CachedResults longhaulCachedResults(CacheStore store) {
    return new CachedResults(local, store, statistics, properties, System::nanoTime, json);
  }

  @Bean
  CacheableCalls longhaulCacheableCalls(
      ToolCatalogue tools, ObjectProvider<CachePredicate> predicates, IntakeProperties limits) {
    return new CacheableCalls(
        tools, predicates.orderedStream().toList(), properties, new CacheKeys(json), limits);
  }

  @Bean
  OnStart longhaulCachePredicates(CacheableCalls calls) {
    return OnStart.check(calls::checkPredicates);
  }

  @Bean
  SingleFlight longhaulSingleFlight(CachedResults results) {
    return new SingleFlight(results);
  }

  @Bean
  CallCache longhaulCallCache(
      CacheableCalls calls,
      CachedResults results,
      SingleFlight flights,
      JobQueue queue,
      Clock clock) {
    return new CachingCalls(calls, results, flights, queue, clock);
  }

  @Bean
  PageCache longhaulPageCache(CachedResults results) {
    return properties.lists().isZero() ? PageCache.NONE : results::page;
  }

  @Bean
  ResultCache longhaulResultCache(
      CacheStore store, CacheableCalls calls, SingleFlight flights, Changes changes) {
    return new ResultCache(store, calls, local, flights, statistics, changes);
  }
}
