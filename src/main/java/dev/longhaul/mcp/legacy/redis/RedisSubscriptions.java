package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.mcp.legacy.Subscriptions;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Stores the subscriptions of a session as a set that lives as long as the session. */
final class RedisSubscriptions implements Subscriptions {
  private static final LuaScript ADD = LuaScript.file("mcp/subs-add");

  private final RedisConnections redis;
  private final LegacyKeys keys;
  private final Duration sessionTtl;

  RedisSubscriptions(RedisConnections redis, LegacyKeys keys, Duration sessionTtl) {
    this.redis = redis;
    this.keys = keys;
    this.sessionTtl = sessionTtl;
  }

  @Override
  public boolean put(String session, String uri) {
    List<String> added =
        redis.texts(
            ADD,
            List.of(keys.subscriptions(session)),
            uri,
            Integer.toString(MAX_PER_SESSION),
            Long.toString(sessionTtl.toMillis()));
    return !added.isEmpty();
  }

  @Override
  public boolean contains(String session, String uri) {
    return redis.run(on -> on.sismember(keys.subscriptions(session), uri));
  }

  @Override
  public Set<String> of(String session) {
    return redis.run(on -> on.smembers(keys.subscriptions(session)));
  }

  @Override
  public void remove(String session, String uri) {
    var _ = redis.run(on -> on.srem(keys.subscriptions(session), uri));
  }

  @Override
  public void end(String session) {
    var _ = redis.run(on -> on.del(keys.subscriptions(session)));
  }
}
