package dev.longhaul.queue.redis.check;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is asked of the Redis that keeps the queue.
 *
 * @param check whether a Redis that cannot keep the queue stops the start, or only shows in the
 *     health; fail in the runnable application, report when Longhaul is a library
 * @param allowEviction whether to accept a Redis that may throw jobs away when its memory is full
 */
@ConfigurationProperties(RedisCheckProperties.PREFIX)
public record RedisCheckProperties(
    @DefaultValue("report") Mode check, @DefaultValue("false") boolean allowEviction) {
  static final String PREFIX = "longhaul.redis";
  static final String ALLOW_EVICTION = PREFIX + ".allow-eviction";

  /** What follows from a Redis that cannot keep the queue. */
  public enum Mode {
    FAIL,
    REPORT
  }
}
