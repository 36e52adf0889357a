package dev.longhaul.queue.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.queue.redis.check.RedisCheckProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class EmbeddedRedisPropertiesTest {
  @Test
  void everyDefaultIsAsDocumented() {
    assertThat(
            bind(Map.of()).bindOrCreate("longhaul.embedded-redis", EmbeddedRedisProperties.class))
        .isEqualTo(
            new EmbeddedRedisProperties(
                false,
                Path.of("longhaul-data"),
                null,
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                null));
    assertThat(bind(Map.of()).bindOrCreate("longhaul.redis", RedisCheckProperties.class))
        .isEqualTo(new RedisCheckProperties(RedisCheckProperties.Mode.REPORT, false));
  }

  @Test
  void everyNameIsAsDocumented() {
    var binder =
        bind(
            Map.of(
                "longhaul.embedded-redis.enabled", "true",
                "longhaul.embedded-redis.data-directory", "/data",
                "longhaul.embedded-redis.executable", "/opt/valkey-server",
                "longhaul.embedded-redis.start-timeout", "5m",
                "longhaul.embedded-redis.stop-timeout", "1m",
                "longhaul.embedded-redis.max-memory", "2GB",
                "longhaul.redis.check", "fail",
                "longhaul.redis.allow-eviction", "true"));
    assertThat(binder.bind("longhaul.embedded-redis", EmbeddedRedisProperties.class).get())
        .isEqualTo(
            new EmbeddedRedisProperties(
                true,
                Path.of("/data"),
                Path.of("/opt/valkey-server"),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                DataSize.ofGigabytes(2)));
    assertThat(binder.bind("longhaul.redis", RedisCheckProperties.class).get())
        .isEqualTo(new RedisCheckProperties(RedisCheckProperties.Mode.FAIL, true));
  }

  private static Binder bind(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties));
  }
}
