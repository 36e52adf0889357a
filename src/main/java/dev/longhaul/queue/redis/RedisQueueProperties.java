package dev.longhaul.queue.redis;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The queue on Redis. Where Redis is, is said with {@code spring.data.redis.*}.
 *
 * @param namespace separates installations that share one Redis; part of every key
 * @param queue limits of the queue
 * @param redis how Redis is used
 */
@ConfigurationProperties("longhaul")
public record RedisQueueProperties(
    @DefaultValue("default") String namespace,
    @DefaultValue Queue queue,
    @DefaultValue Redis redis) {

  /**
   * Limits of the queue.
   *
   * @param maxLength how many jobs one named queue may hold before it refuses more; 0 for no limit
   * @param lease how long a worker owns a job without renewing; a lost worker's jobs are taken over
   *     after it
   * @param maxLostWorkers how many workers a job may lose before it is given up as poison
   */
  public record Queue(
      @DefaultValue("1000000") int maxLength,
      @DefaultValue("12s") Duration lease,
      @DefaultValue("3") int maxLostWorkers) {}

  /**
   * How Redis is used.
   *
   * @param commandTimeout how long to wait for an answer before the request fails as unavailable
   * @param memoryLimit the share of Redis' maxmemory above which no more jobs are taken, 0 to 1
   */
  public record Redis(
      @DefaultValue("10s") Duration commandTimeout, @DefaultValue("0.8") double memoryLimit) {}
}
