package dev.longhaul.gateway.redis;

import dev.longhaul.gateway.call.UpstreamLeases;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.LuaScript;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stores each lease as a string with a time to live. */
public final class RedisUpstreamLeases implements UpstreamLeases {
  private static final LuaScript LEASE = LuaScript.file("gateway/lease");

  private final RedisConnections redis;
  private final GatewayKeys keys;

  public RedisUpstreamLeases(RedisConnections redis, KeyTags tags) {
    this.redis = redis;
    this.keys = GatewayKeys.of(tags);
  }

  @Override
  public Set<String> hold(String process, Set<String> upstreams, Duration lease) {
    List<String> names = List.copyOf(upstreams);
    List<Long> held = run(names, process, lease.toMillis());
    Set<String> mine = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (held.get(i) == 1) {
        mine.add(names.get(i));
      }
    }
    return mine;
  }

  @Override
  public void giveUp(String process, Set<String> upstreams) {
    var _ = run(List.copyOf(upstreams), process, 0);
  }

  private List<Long> run(List<String> upstreams, String process, long millis) {
    if (upstreams.isEmpty()) {
      return List.of();
    }
    return redis.await(
        Scripts.run(
            redis.shared(),
            LEASE,
            ScriptOutputType.MULTI,
            upstreams.stream().map(keys::lease).toList(),
            new String[] {process, Long.toString(millis)}));
  }
}
