package dev.longhaul.mcp.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.timeout.ClientKey;
import dev.longhaul.mcp.timeout.ClientTimeoutStore;
import dev.longhaul.mcp.timeout.LearnedTimeout;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.testing.TestRedis;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Stored client time-outs, on a real Redis. */
class RedisClientTimeoutsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
  private static LettuceConnectionFactory connections;
  private static RedisConnections redis;
  private final String namespace = TestRedis.namespace();

  @BeforeAll
  static void connect() {
    connections = TestRedis.connections();
    redis = new RedisConnections(connections, Duration.ofMinutes(1));
  }

  @AfterAll
  static void disconnect() {
    redis.close();
    connections.destroy();
  }

  private RedisClientTimeouts process(Instant now) {
    return new RedisClientTimeouts(redis, new KeyTags(namespace), Clock.fixed(now, ZoneOffset.UTC));
  }

  private static ClientKey client(int number) {
    return new ClientKey("client " + number, "1");
  }

  private static LearnedTimeout limit(int seconds, Instant at) {
    return new LearnedTimeout(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds), at);
  }

  @Test
  void whatOneProcessLearnsAnotherKnowsOfThatCallerOnly() {
    process(NOW).put("zoe", client(1), limit(20, NOW));
    RedisClientTimeouts other = process(NOW);
    assertThat(other.find("zoe", client(1))).contains(limit(20, NOW));
    assertThat(other.all("zoe")).containsOnlyKeys(client(1));
    assertThat(other.find("max", client(1))).isEmpty();
    assertThat(other.find("zoe", new ClientKey("client 1", "2"))).isEmpty();

    other.remove("zoe", client(1));
    assertThat(process(NOW).all("zoe")).isEmpty();
  }

  @Test
  void aLeaveWithoutALimitIsKeptToo() {
    LearnedTimeout leave = new LearnedTimeout(Duration.ofSeconds(20), null, NOW);
    process(NOW).put("zoe", client(1), leave);
    assertThat(process(NOW).find("zoe", client(1))).contains(leave);
  }

  @Test
  void ofMoreThanAHundredClientsTheOldestIsForgotten() {
    RedisClientTimeouts process = process(NOW.plusSeconds(1_000));
    // The oldest entry is the one with the earliest time, not the one stored first.
    for (int i = 0; i < ClientTimeoutStore.MAX_CLIENTS; i++) {
      process.put("zoe", client(i), limit(20, NOW.plusSeconds(i == 7 ? 0 : 100 + i)));
    }
    process.put("zoe", client(3), limit(21, NOW.plusSeconds(900)));
    assertThat(process.all("zoe")).hasSize(ClientTimeoutStore.MAX_CLIENTS).containsKey(client(7));

    process.put("zoe", client(1_000), limit(20, NOW.plusSeconds(901)));
    assertThat(process.all("zoe"))
        .hasSize(ClientTimeoutStore.MAX_CLIENTS)
        .containsKeys(client(1_000), client(3))
        .doesNotContainKey(client(7));
  }

  @Test
  void whatIsNotConfirmedIsForgotten() {
    process(NOW).put("zoe", client(1), limit(20, NOW));
    RedisClientTimeouts later = process(NOW.plus(RedisClientTimeouts.AGE).plusMillis(1));
    assertThat(later.find("zoe", client(1))).isEmpty();
    assertThat(later.all("zoe")).isEmpty();
    assertThat(process(NOW.plus(RedisClientTimeouts.AGE)).find("zoe", client(1))).isPresent();
    // The hash expires when nothing new is learned.
    StringRedisTemplate template = new StringRedisTemplate(connections);
    assertThat(template.keys("{lh:" + namespace + "}:mcp:patience:*"))
        .singleElement()
        .satisfies(key ->
            assertThat(template.getExpire(key))
                .isPositive()
                .isLessThanOrEqualTo(RedisClientTimeouts.AGE.toSeconds()));
  }
}
