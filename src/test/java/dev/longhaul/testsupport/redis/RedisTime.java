package dev.longhaul.testsupport.redis;

import dev.longhaul.queue.redis.ScriptPrelude;
import dev.longhaul.testsupport.TestClock;
import java.nio.charset.StandardCharsets;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.ReturnType;

/**
 * Lets the time that Redis scripts of one namespace use follow a {@link TestClock}. TTLs of keys
 * are not changed.
 */
public final class RedisTime {
  /** Code added to the scripts, which reads by how much the clock was moved. */
  public static final ScriptPrelude PRELUDE =
      new ScriptPrelude(
          """
          now = now + tonumber(redis.call('GET', tag .. ':test-clock') or 0)
          stamp = whole(now)
          """);

  // Wake everything that waits for a due time: idle workers and their upkeep.
  private static final String MOVE =
      """
      local tag = KEYS[1]
      redis.call('SET', tag .. ':test-clock', ARGV[1])
      for _, queue in ipairs(redis.call('HKEYS', tag .. ':queues')) do
        local token = tag .. ':q:' .. queue .. ':w'
        if redis.call('EXISTS', token) == 0 then redis.call('LPUSH', token, '1') end
      end
      redis.call('PUBLISH', tag .. ':cx', 'deadline 0')
      return 1
      """;

  private final RedisConnectionFactory redis;
  private final Environment settings;
  private final TestClock clock;

  /** Begins to follow the clock. */
  public RedisTime(RedisConnectionFactory redis, Environment settings, TestClock clock) {
    this.redis = redis;
    this.settings = settings;
    this.clock = clock;
    clock.onAdvance(this::move);
  }

  private void move() {
    String namespace = settings.getProperty("longhaul.namespace", "default");
    int shards = settings.getProperty("longhaul.redis.shards", Integer.class, 1);
    try (RedisConnection connection = redis.getConnection()) {
      for (int shard = 0; shard < shards; shard++) {
        connection
            .scriptingCommands()
            .eval(
                bytes(MOVE),
                ReturnType.INTEGER,
                1,
                bytes("{lh:" + namespace + ":" + shard + "}"),
                bytes(Long.toString(clock.moved().toMillis())));
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
