package dev.longhaul.ops.statistics;

import dev.longhaul.catalog.ToolCatalogue;
import dev.longhaul.ops.statistics.redis.RedisStatisticsStore;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of the hourly statistics, in every role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StatisticsProperties.class)
public class StatisticsConfiguration {

  @Bean
  GatheredCounts longhaulGatheredCounts(StatisticsProperties properties) {
    return new GatheredCounts(properties.sampleRate());
  }

  @Bean
  Statistics longhaulStatistics(GatheredCounts counts, RedisConnections redis, KeyTags tags) {
    return new Statistics(counts, new RedisStatisticsStore(redis, tags));
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "longhaul.statistics.enabled", matchIfMissing = true)
  EndedJobs longhaulStatisticsOfJobs(GatheredCounts counts, ToolCatalogue tools) {
    return new EndedJobs(counts, tools);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "longhaul.statistics.enabled", matchIfMissing = true)
  ObservedOperations longhaulStatisticsOfOperations(GatheredCounts counts) {
    return new ObservedOperations(counts);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "longhaul.statistics.enabled", matchIfMissing = true)
  ObservedMcpMethods longhaulStatisticsOfMcpMethods(GatheredCounts counts) {
    return new ObservedMcpMethods(counts);
  }

  @Bean
  StatisticsEndpoint longhaulStatisticsEndpoint(Statistics statistics) {
    return new StatisticsEndpoint(statistics);
  }
}
