package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.testing.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisQueuePropertiesTest {
  @Test
  void defaults() {
    assertThat(Settings.defaults(RedisQueueProperties.class))
        .isEqualTo(
            new RedisQueueProperties(
                "default",
                new RedisQueueProperties.Queue(
                    1_000_000,
                    Duration.ofSeconds(12),
                    3,
                    Duration.ofDays(7),
                    List.of(20, 10, 0),
                    List.of(
                        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60))),
                new RedisQueueProperties.Redis(
                    Duration.ofSeconds(10), 0.8, 1, 0, Duration.ofSeconds(1))));
  }

  @Test
  void names() {
    assertThat(Settings.names(RedisQueueProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.namespace",
            "longhaul.queue.max-length",
            "longhaul.queue.lease",
            "longhaul.queue.max-lost-workers",
            "longhaul.queue.max-held",
            "longhaul.queue.bands",
            "longhaul.queue.patience",
            "longhaul.redis.command-timeout",
            "longhaul.redis.memory-limit",
            "longhaul.redis.shards",
            "longhaul.redis.ack-replicas",
            "longhaul.redis.ack-timeout");
  }
}
