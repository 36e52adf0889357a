package dev.longhaul.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisPropertiesTest {
  @Test
  void defaults() {
    assertThat(Settings.defaults(RedisProperties.class))
        .isEqualTo(
            new RedisProperties("default", new RedisProperties.Redis(Duration.ofSeconds(10))));
  }

  @Test
  void names() {
    assertThat(Settings.names(RedisProperties.class))
        .containsExactlyInAnyOrder("longhaul.namespace", "longhaul.redis.command-timeout");
  }

  @Test
  void aNamespaceThatNoKeyCanBeginWithIsRefused() {
    assertThatThrownBy(() -> new KeyTags("a}b")).hasMessageContaining("longhaul.namespace");
  }
}
