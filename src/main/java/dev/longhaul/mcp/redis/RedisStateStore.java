package dev.longhaul.mcp.redis;

import dev.longhaul.mcp.modern.StateStore;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.Objects;

/** Keeps the signing key as a string without a time to live, and one string per used nonce. */
public final class RedisStateStore implements StateStore {
  private final RedisConnections redis;
  private final String prefix;

  public RedisStateStore(RedisConnections redis, KeyTags tags) {
    this.redis = redis;
    this.prefix = tags.tag() + ":mcp:";
  }

  @Override
  public boolean use(String nonce, Duration life) {
    return redis.run(on -> on.set(prefix + "used:" + nonce, "1", SetArgs.Builder.nx().px(life)))
        != null;
  }

  @Override
  public String key(String made) {
    String key = prefix + "state-key";
    var _ = redis.run(on -> on.setnx(key, made));
    return Objects.requireNonNull(redis.run(on -> on.get(key)));
  }
}
