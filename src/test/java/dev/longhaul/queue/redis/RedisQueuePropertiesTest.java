package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.Priority;
import dev.longhaul.testing.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisQueuePropertiesTest {
  @Test
  void defaults() {
    assertThat(Settings.defaults(RedisQueueProperties.class))
        .isEqualTo(
            new RedisQueueProperties(
                new RedisQueueProperties.Queue(
                    1_000_000,
                    Duration.ofSeconds(12),
                    3,
                    Duration.ofDays(7),
                    List.of(20, 10, 0),
                    List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60)),
                    true,
                    Map.of()),
                new RedisQueueProperties.Redis(
                    0.8, 1, 0, Duration.ofSeconds(1), 0, Duration.ofHours(24))));
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 0",
    "21, 0",
    "20, 0",
    "19, 1",
    "10, 1",
    "9, 2",
    "1, 2",
    "0, 2",
    "-1, 3",
    "-10, 3",
    "-1000, 3"
  })
  void aNumberFallsIntoABand(int value, int band) {
    var queue = Settings.defaults(RedisQueueProperties.class).queue();
    assertThat(queue.band(new Priority(value))).isEqualTo(band);
  }

  @Test
  void bandsAreNamedAfterTheirLowestPriority() {
    var queue = Settings.defaults(RedisQueueProperties.class).queue();
    for (Priority priority :
        List.of(Priority.URGENT, Priority.HIGH, Priority.DEFAULT, Priority.LOW)) {
      assertThat(Priority.bandName(queue.band(priority))).isEqualTo(priority.wire());
    }
  }

  @Test
  void weightsAreBoundByTheNameOfTheCallerAndRefusedWhereTheyMakeNoSense() {
    assertThat(
            Settings.of(
                    RedisQueueProperties.class,
                    Map.of("longhaul.queue.weights[lh:key:reports:1]", "3"))
                .queue()
                .weights())
        .isEqualTo(Map.of("lh:key:reports:1", 3));
    assertThatThrownBy(() ->
            Settings.of(RedisQueueProperties.class, Map.of("longhaul.queue.weights.alice", "0")))
        .rootCause()
        .hasMessage("longhaul.queue.weights.alice must be 1 to 1000, not 0");
  }

  @Test
  void names() {
    assertThat(Settings.names(RedisQueueProperties.class))
        .containsExactlyInAnyOrder(
            "longhaul.queue.max-length",
            "longhaul.queue.lease",
            "longhaul.queue.max-lost-workers",
            "longhaul.queue.max-held",
            "longhaul.queue.bands",
            "longhaul.queue.patience",
            "longhaul.queue.fair",
            "longhaul.queue.weights",
            "longhaul.redis.layout",
            "longhaul.redis.layout-after",
            "longhaul.redis.memory-limit",
            "longhaul.redis.shards",
            "longhaul.redis.ack-replicas",
            "longhaul.redis.ack-timeout");
  }
}
