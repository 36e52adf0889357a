package dev.longhaul.mcp.redis;

import dev.longhaul.mcp.modern.StateStore;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.List;

/**
 * Keeps the signing key as a string without a time to live, those before it in a sorted set as long
 * as what they signed is valid, and one string per used nonce.
 */
public final class RedisStateStore implements StateStore {
  private static final LuaScript KEYS = LuaScript.file("mcp/state-keys");

  private final RedisConnections redis;
  private final String prefix;
  private final List<String> keys;

  public RedisStateStore(RedisConnections redis, KeyTags tags) {
    this.redis = redis;
    this.prefix = tags.tag() + ":mcp:";
    this.keys = List.of(prefix + "state-key", prefix + "state-keys-before");
  }

  @Override
  public boolean use(String nonce, Duration life) {
    return redis.run(on -> on.set(prefix + "used:" + nonce, "1", SetArgs.Builder.nx().px(life)))
        != null;
  }

  @Override
  public List<String> keys(String made) {
    return redis.texts(KEYS, keys, made, "0");
  }

  @Override
  public List<String> rotate(String made, Duration life) {
    return redis.texts(KEYS, keys, made, Long.toString(life.toMillis()));
  }
}
