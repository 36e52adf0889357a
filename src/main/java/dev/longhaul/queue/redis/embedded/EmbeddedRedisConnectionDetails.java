package dev.longhaul.queue.redis.embedded;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/** Connects Spring Boot's Redis client to the embedded server. */
record EmbeddedRedisConnectionDetails(EmbeddedRedis redis) implements DataRedisConnectionDetails {
  @Override
  public String getPassword() {
    return redis.password();
  }

  @Override
  public Standalone getStandalone() {
    return Standalone.of("127.0.0.1", redis.port());
  }
}
