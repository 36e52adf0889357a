package dev.longhaul.queue.redis.check;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is asked of the Redis that keeps the queue.
 *
 * @param check whether a Redis that is unsuitable for the queue stops the start, or is only
 *     reported by the health; fail in the runnable application, report when Longhaul is a library
 * @param allowEviction whether to accept a Redis that may evict jobs when its memory is full
 */
@ConfigurationProperties(RedisCheckProperties.PREFIX)
public record RedisCheckProperties(
    @DefaultValue("report") Mode check, @DefaultValue("false") boolean allowEviction) {
  static final String PREFIX = "longhaul.redis";
  static final String ALLOW_EVICTION = PREFIX + ".allow-eviction";

  /** What follows from a Redis that is unsuitable for the queue. */
  public enum Mode {
    FAIL,
    REPORT
  }
}
