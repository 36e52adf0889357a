package dev.longhaul.queue.redis;

import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.FlowProperties;
import dev.longhaul.queue.HeldCalls;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.QuotaProperties;
import dev.longhaul.queue.ResultProperties;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.redis.embedded.EmbeddedRedis;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * The beans of the queue on Redis, unless there is another {@link JobQueue}, as in tests without
 * Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(JobQueue.class)
@EnableConfigurationProperties({RedisQueueProperties.class, QuotaProperties.class})
public class RedisQueueConfiguration {
  @Bean
  RedisKeys longhaulRedisKeys(KeyTags tags) {
    return new RedisKeys(tags);
  }

  @Bean
  Shards longhaulShards(RedisQueueProperties properties) {
    return new Shards(properties.redis().shards());
  }

  @Bean
  Quotas longhaulQuotas(QuotaProperties properties, Shards shards) {
    return new Quotas(properties, shards);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Layout longhaulLayout(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      Watchers watchers,
      RedisQueueProperties properties) {
    return new Layout(connections, keys, shards, watchers.process(), properties);
  }

  @Bean(destroyMethod = "close")
  QueueConnections longhaulQueueConnections(
      RedisConnections connections,
      Channels channels,
      RedisKeys keys,
      RedisQueueProperties properties,
      ObjectProvider<ScriptPrelude> prelude) {
    prelude.ifAvailable(Script::put);
    return new QueueConnections(connections, channels, keys, properties.redis());
  }

  @Bean
  Watchers longhaulWatchers(QueueConnections connections, RedisKeys keys, Shards shards) {
    return new Watchers(connections, keys, shards);
  }

  @Bean
  JobQueue longhaulJobQueue(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
      Watchers watchers,
      RedisQueueProperties properties,
      ResultProperties results,
      Quotas quotas,
      RedisFlowQueue flows,
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
        flows,
        clock);
  }

  @Bean
  HeldCalls longhaulHeldCalls(QueueConnections connections, RedisKeys keys, Shards shards) {
    return new RedisHeldCalls(connections, keys, shards);
  }

  @Bean
  QueueAdmin longhaulQueueAdmin(
      QueueConnections connections,
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
  RedisFlowQueue longhaulFlowQueue(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      Layout layout,
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
        layout,
        new JobFields(json),
        properties.queue(),
        results,
        flows,
        quotas,
        clock);
  }

  @Bean
  CacheStore longhaulCacheStore(
      QueueConnections connections,
      RedisKeys keys,
      Shards shards,
      ResultProperties results,
      @Value("${longhaul.cache.redis-timeout:1s}") Duration limit) {
    return new RedisCacheStore(connections, keys, shards, results.compressSize().toBytes(), limit);
  }

  @Bean
  WorkQueue longhaulWorkQueue(
      QueueConnections connections,
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
      QueueConnections connections,
      RedisKeys keys,
      ResultProperties results,
      @Qualifier("mcpServerJsonMapper") JsonMapper json) {
    return new RedisNotificationQueue(connections, keys, results, json);
  }
}
