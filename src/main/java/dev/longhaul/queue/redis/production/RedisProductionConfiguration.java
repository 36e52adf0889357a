package dev.longhaul.queue.redis.production;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.longhaul.production.ProductionCheck;
import dev.longhaul.queue.ExpectedQueues;
import dev.longhaul.queue.redis.embedded.EmbeddedRedis;
import dev.longhaul.thread.ClockConfiguration;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The production check of the Redis, for servers and for the command. */
@Configuration(proxyBeanMethods = false)
@Import(ClockConfiguration.class)
public class RedisProductionConfiguration {
  private static final int BEFORE_OTHERS = -10;

  @Bean
  @Order(BEFORE_OTHERS)
  ProductionCheck longhaulRedisProductionCheck(
      RedisConnectionFactory connections,
      ObjectProvider<DataRedisConnectionDetails> details,
      ObjectProvider<ExpectedQueues> queues,
      ObjectProvider<EmbeddedRedis> own,
      Environment environment,
      Clock clock) {
    return new RedisProductionCheck(
        connections,
        details.getIfAvailable(),
        own.getIfAvailable() != null,
        () -> queues.stream().flatMap(one -> one.names().stream()).collect(toUnmodifiableSet()),
        environment,
        clock);
  }

  @Bean
  @Order(BEFORE_OTHERS + 1)
  ProductionCheck longhaulEmbeddedStoreCheck(Environment environment) {
    return new EmbeddedStoreCheck(environment);
  }
}
