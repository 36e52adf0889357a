package dev.longhaul.queue.redis;

import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.QuotaProperties;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.embedded.EmbeddedRedis;
import io.lettuce.core.resource.Delay;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import tools.jackson.databind.json.JsonMapper;

/** The queue on Redis, unless somebody brings another one, as tests do that have no Redis. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(JobQueue.class)
@EnableConfigurationProperties({RedisQueueProperties.class, QuotaProperties.class})
public class RedisQueueConfiguration {
  // With full jitter, so that many processes do not all come at once to a Redis that is back.
  private static final Delay RECONNECT_DELAY =
      Delay.fullJitter(Duration.ofMillis(50), Duration.ofMillis(500), 50, TimeUnit.MILLISECONDS);

  @Bean
  static PooledConnections longhaulPooledConnections() {
    return new PooledConnections();
  }

  /** Lettuce alone would in time wait half a minute between two tries to connect again. */
  @Bean
  ClientResourcesBuilderCustomizer longhaulReconnectDelay() {
    return resources -> resources.reconnectDelay(RECONNECT_DELAY);
  }

  @Bean
  RedisKeys longhaulRedisKeys(RedisQueueProperties properties) {
    return new RedisKeys(properties.namespace());
  }

  @Bean
  Shards longhaulShards(RedisQueueProperties properties) {
    return new Shards(properties.redis().shards());
  }

  @Bean
  Quotas longhaulQuotas(QuotaProperties properties, Shards shards) {
    return new Quotas(properties, shards);
  }

  @Bean
  Layout longhaulLayout(RedisConnections connections, RedisKeys keys, Shards shards) {
    return new Layout(connections, keys, shards);
  }

  @Bean(destroyMethod = "close")
  RedisConnections longhaulRedisConnections(
      RedisConnectionFactory factory,
      RedisKeys keys,
      RedisQueueProperties properties,
      ObjectProvider<ScriptPrelude> prelude) {
    prelude.ifAvailable(Script::put);
    if (factory instanceof LettuceConnectionFactory lettuce) {
      return new RedisConnections(lettuce, keys, properties.redis());
    }
    throw new IllegalStateException(
        "Longhaul's queue needs the Lettuce client, Spring Boot's default; remove"
            + " spring.data.redis.client-type or set it to lettuce.");
  }

  @Bean
  Watchers longhaulWatchers(RedisConnections connections, RedisKeys keys, Shards shards) {
    return new Watchers(connections, keys, shards);
  }

  @Bean
  JobQueue longhaulJobQueue(
      RedisConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
      Watchers watchers,
      RedisQueueProperties properties,
      ResultProperties results,
      Quotas quotas,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new RedisJobQueue(
        connections,
        keys,
        shards,
        layout,
        new JobFields(json),
        watchers,
        properties,
        results,
        quotas,
        clock);
  }

  @Bean
  HeldCalls longhaulHeldCalls(RedisConnections connections, RedisKeys keys) {
    return new RedisHeldCalls(connections, keys);
  }

  @Bean
  QueueAdmin longhaulQueueAdmin(
      RedisConnections connections,
      RedisKeys keys,
      Shards shards,
      ResultProperties results,
      Quotas quotas,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new RedisQueueAdmin(
        connections, keys, shards, new JobFields(json), results, quotas, clock);
  }

  @Bean
  FlowQueue longhaulFlowQueue(
      RedisConnections connections,
      RedisKeys keys,
      Shards shards,
      RedisQueueProperties properties,
      ResultProperties results,
      FlowProperties flows,
      Quotas quotas,
      Clock clock,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new RedisFlowQueue(
        connections,
        keys,
        shards,
        new JobFields(json),
        properties.queue(),
        results,
        flows,
        quotas,
        clock);
  }

  @Bean
  AnswerStore longhaulAnswerStore(
      RedisConnections connections,
      RedisKeys keys,
      Shards shards,
      ResultProperties results,
      @Value("${longhaul.cache.redis-timeout:1s}") Duration limit) {
    return new RedisAnswerStore(connections, keys, shards, results.compressSize().toBytes(), limit);
  }

  @Bean
  WorkQueue longhaulWorkQueue(
      RedisConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
      Watchers watchers,
      RedisQueueProperties properties,
      ResultProperties results,
      ObjectProvider<EmbeddedRedis> embedded,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new RedisWorkQueue(
        connections,
        keys,
        shards,
        layout,
        new JobFields(json),
        watchers,
        properties,
        results,
        embedded.getIfAvailable() != null);
  }

  @Bean
  NotificationQueue longhaulNotificationQueue(
      RedisConnections connections,
      RedisKeys keys,
      ResultProperties results,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new RedisNotificationQueue(connections, keys, results, json);
  }
}
