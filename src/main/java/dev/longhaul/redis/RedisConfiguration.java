package dev.longhaul.redis;

import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The beans of the connections to Redis. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RedisProperties.class)
public class RedisConfiguration {
  // With full jitter, so that many processes do not reconnect at the same moment.
  private static final Delay RECONNECT_DELAY =
      Delay.fullJitter(Duration.ofMillis(50), Duration.ofMillis(500), 50, TimeUnit.MILLISECONDS);

  @Bean
  static PooledConnections longhaulPooledConnections() {
    return new PooledConnections();
  }

  /** By default Lettuce's delay between attempts to reconnect grows to half a minute. */
  @Bean
  ClientResourcesBuilderCustomizer longhaulReconnectDelay() {
    return resources -> resources.reconnectDelay(RECONNECT_DELAY);
  }

  /** First, because there can be only one such customizer and that of the host application wins. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  ClientResourcesBuilderCustomizer longhaulFailedAttempts() {
    return resources -> resources.nettyCustomizer(new FailedAttempts());
  }

  @Bean
  KeyTags longhaulKeyTags(RedisProperties properties) {
    return new KeyTags(properties.namespace());
  }

  @Bean(destroyMethod = "close")
  RedisConnections longhaulRedisConnections(
      RedisConnectionFactory factory, RedisProperties properties) {
    if (factory instanceof LettuceConnectionFactory lettuce) {
      return new RedisConnections(lettuce, properties.redis().commandTimeout());
    }
    throw new IllegalStateException(
        "Longhaul needs the Lettuce client, Spring Boot's default; remove"
            + " spring.data.redis.client-type or set it to lettuce.");
  }

  @Bean
  OpenConnections longhaulOpenConnections(RedisConnections connections) {
    return new OpenConnections(connections);
  }

  @Bean(destroyMethod = "close")
  Channels longhaulChannels(RedisConnections connections) {
    return new Channels(connections);
  }
}
