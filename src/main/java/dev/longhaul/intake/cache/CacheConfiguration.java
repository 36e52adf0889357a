package dev.longhaul.intake.cache;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.intake.IntakeProperties;
import dev.longhaul.intake.SharedCalls;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.tool.CachePredicate;
import dev.longhaul.tool.Changes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Kept answers, for every front door and every worker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
public class CacheConfiguration {

  @Bean
  CacheStatistics longhaulCacheStatistics() {
    return new CacheStatistics();
  }

  @Bean
  MemoryLevel longhaulCacheMemory(CacheProperties properties, CacheStatistics statistics) {
    return new MemoryLevel(
        properties.memory().toBytes(), properties.memoryTime(), statistics, System::nanoTime);
  }

  @Bean
  AnswerCache longhaulAnswerCache(
      AnswerStore store,
      MemoryLevel memory,
      CacheStatistics statistics,
      CacheProperties properties) {
    return new AnswerCache(
        memory,
        new SharedLevel(store, properties.maxEntry().toBytes(), System::nanoTime),
        statistics);
  }

  @Bean
  CachePredicates longhaulCachePredicates(
      ObjectProvider<CachePredicate> predicates, ToolCatalogue tools) {
    return new CachePredicates(predicates.orderedStream().toList(), tools);
  }

  @Bean
  CallPlans longhaulCachePlans(
      ToolCatalogue tools,
      CachePredicates predicates,
      CacheProperties properties,
      IntakeProperties limits,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new CallPlans(
        tools, predicates, new ResourceRules(properties.resources()), new CallKeys(json), limits);
  }

  @Bean
  SharedRuns longhaulSharedRuns(
      AnswerCache cache, @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new SharedRuns(cache, new CacheMarks(json));
  }

  @Bean
  SharedCalls longhaulSharedCalls(
      CallPlans plans,
      AnswerCache cache,
      SharedRuns runs,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new CachedCalls(plans, cache, runs, new CacheMarks(json));
  }

  @Bean
  JobAnswers longhaulJobAnswers(
      JobQueue queue,
      CallPlans plans,
      AnswerCache cache,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new JobAnswers(queue, plans, cache, json);
  }

  @Bean
  ListCache longhaulListCache(
      MemoryLevel memory,
      CacheStatistics statistics,
      CacheProperties properties,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new ListCache(memory, statistics, properties.lists(), json);
  }

  @Bean(destroyMethod = "close")
  ForgettingCache longhaulResultCache(
      AnswerStore store,
      CallPlans plans,
      MemoryLevel memory,
      SharedRuns runs,
      CacheStatistics statistics,
      Changes changes,
      CacheProperties properties) {
    return new ForgettingCache(
        store, plans, memory, runs, statistics, changes, properties.memory().toBytes());
  }
}
