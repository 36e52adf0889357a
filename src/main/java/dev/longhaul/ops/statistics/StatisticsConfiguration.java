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
  Statistics longhaulStatistics(
      RedisConnections redis, KeyTags tags, StatisticsProperties properties) {
    return new Statistics(new RedisStatisticsStore(redis, tags), properties.sampleRate());
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "longhaul.statistics.enabled", matchIfMissing = true)
  EndedJobs longhaulStatisticsOfJobs(Statistics statistics, ToolCatalogue tools) {
    return new EndedJobs(statistics, tools);
  }

  @Bean
  StatisticsEndpoint longhaulStatisticsEndpoint(Statistics statistics) {
    return new StatisticsEndpoint(statistics);
  }
}
