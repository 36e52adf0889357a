package dev.longhaul.queue.redis.check;

import dev.longhaul.queue.redis.production.RedisProductionConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Registered before all other configurations, so that the Redis is checked before anything uses it.
 */
@AutoConfiguration(
    after = DataRedisAutoConfiguration.class,
    beforeName = "dev.longhaul.LonghaulAutoConfiguration")
@ConditionalOnBean(RedisConnectionFactory.class)
@EnableConfigurationProperties(RedisCheckProperties.class)
@Import(RedisProductionConfiguration.class)
public class RedisCheckAutoConfiguration {
  @Bean
  RedisCheck redisCheck(
      RedisConnectionFactory connections,
      RedisCheckProperties properties,
      ObjectProvider<DataRedisConnectionDetails> details,
      @Value("${longhaul.namespace:default}") String namespace) {
    return new RedisCheck(
        connections, properties, RedisAddress.of(details.getIfAvailable()), namespace);
  }

  @Bean
  RedisCheckHealthIndicator queueRedisHealthIndicator(RedisCheck check) {
    return new RedisCheckHealthIndicator(check);
  }
}
