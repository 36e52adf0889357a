package dev.longhaul.redis;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Redis is used. Where it is, is said with {@code spring.data.redis.*}.
 *
 * @param namespace separates installations that share one Redis; part of every key
 * @param redis how its answers are waited for
 */
@ConfigurationProperties("longhaul")
public record RedisProperties(
    @DefaultValue("default") String namespace, @DefaultValue Redis redis) {

  /**
   * How answers are waited for.
   *
   * @param commandTimeout how long to wait for an answer before the request fails as unavailable
   */
  public record Redis(@DefaultValue("10s") Duration commandTimeout) {}
}
