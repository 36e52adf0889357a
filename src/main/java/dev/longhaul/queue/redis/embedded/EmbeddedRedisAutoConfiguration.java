package dev.longhaul.queue.redis.embedded;

import dev.longhaul.job.Role;
import java.util.Locale;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Applies when no Redis is configured: the application starts its own, a library leaves it to
 * Spring Boot, and a process with a role that shares the queue with others refuses to start.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@Conditional(OnNoRedisSettings.class)
@ConditionalOnMissingBean({DataRedisConnectionDetails.class, RedisConnectionFactory.class})
@EnableConfigurationProperties(EmbeddedRedisProperties.class)
public class EmbeddedRedisAutoConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(EmbeddedRedisProperties.ENABLED)
  static class Embedded {
    /**
     * Every user of a connection depends on the connection details and so on this bean, which is
     * why Spring stops it last: after the workers drained and the connections closed.
     */
    @Bean(destroyMethod = "close")
    EmbeddedRedis embeddedRedis(
        EmbeddedRedisProperties properties,
        Environment environment,
        ApplicationEventPublisher events) {
      var role = role(environment);
      if (role != Role.ALL) {
        throw roleNeedsRedis(role);
      }
      var redis = EmbeddedRedis.start(properties);
      // The embedded Redis affects readiness, because only this process can restart it.
      redis.whenAway(there ->
          AvailabilityChangeEvent.publish(
              events,
              redis,
              there ? ReadinessState.ACCEPTING_TRAFFIC : ReadinessState.REFUSING_TRAFFIC));
      // For a context that is never closed: these handlers run after all contexts are closed, while
      // a JVM shutdown hook would run during the drain.
      SpringApplication.getShutdownHandlers().add(redis::close);
      return redis;
    }

    @Bean
    DataRedisConnectionDetails embeddedRedisConnectionDetails(EmbeddedRedis redis) {
      return new EmbeddedRedisConnectionDetails(redis);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(
      name = EmbeddedRedisProperties.ENABLED,
      havingValue = false,
      matchIfMissing = true)
  @ConditionalOnBooleanProperty("longhaul.standalone")
  static class Refused {
    @Bean
    DataRedisConnectionDetails noRedisConnectionDetails(Environment environment) {
      var role = role(environment);
      if (role != Role.ALL) {
        throw roleNeedsRedis(role);
      }
      throw new EmbeddedRedisException(
          "No Redis is configured, and " + EmbeddedRedisProperties.ENABLED + " is false.",
          "Set "
              + EmbeddedRedisProperties.ENABLED
              + "=true, or "
              + EmbeddedRedisException.USE_YOUR_OWN
              + ".");
    }
  }

  private static Role role(Environment environment) {
    return Binder.get(environment).bind(Role.PROPERTY, Role.class).orElse(Role.ALL);
  }

  private static EmbeddedRedisException roleNeedsRedis(Role role) {
    return new EmbeddedRedisException(
        "A process with "
            + Role.PROPERTY
            + "="
            + role.name().toLowerCase(Locale.ROOT)
            + " shares its queue with other processes, but no Redis is configured. The embedded one"
            + " is private to one process.",
        "Set spring.data.redis.url (environment SPRING_DATA_REDIS_URL) to the Redis, 6.2 or newer,"
            + " that all of them use, for example redis://:password@redis.example:6379.");
  }
}
