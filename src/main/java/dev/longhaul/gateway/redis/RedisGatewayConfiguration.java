package dev.longhaul.gateway.redis;

import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The Redis stores of the gateway. */
@Configuration(proxyBeanMethods = false)
public class RedisGatewayConfiguration {

  @Bean
  RedisUpstreamLeases longhaulUpstreamLeases(RedisConnections redis, KeyTags tags) {
    return new RedisUpstreamLeases(redis, tags);
  }

  @Bean
  RedisSubscriptionStore longhaulUpstreamSubscriptionStore(
      RedisConnections redis, Channels channels, KeyTags tags) {
    return new RedisSubscriptionStore(redis, channels, tags);
  }

  @Bean
  RedisKeptTokens longhaulKeptTokens(RedisConnections redis, KeyTags tags) {
    return new RedisKeptTokens(redis, tags);
  }

  @Bean
  RedisLoginStore longhaulLoginStore(RedisConnections redis, Channels channels, KeyTags tags) {
    return new RedisLoginStore(redis, channels, tags);
  }

  @Bean
  RedisCallMarks longhaulCallMarks(RedisConnections redis, KeyTags tags) {
    return new RedisCallMarks(redis, tags);
  }
}
