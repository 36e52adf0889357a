package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.mcp.legacy.LeaseStore;
import dev.longhaul.mcp.legacy.LegacyStores;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;

/** Creates the stores of the earlier revisions. */
public final class RedisLegacyStores {
  private RedisLegacyStores() {}

  /**
   * The stores of one installation.
   *
   * @param sessionTtl a session's time to live since its last use
   * @param inputTtl how long a client may take to answer a question
   */
  public static LegacyStores of(
      RedisConnections redis,
      Channels channels,
      KeyTags tags,
      EventLogLimits limits,
      Duration sessionTtl,
      Duration inputTtl) {
    LegacyKeys keys = LegacyKeys.of(tags);
    var events = new RedisEventLog(redis, keys, limits);
    return new LegacyStores(
        events,
        new RedisPushStreams(redis, keys, events, sessionTtl),
        new RedisSubscriptions(redis, keys, sessionTtl),
        new RedisQuestionStore(redis, keys, inputTtl),
        new RedisTaskTokens(redis, keys),
        new RedisLeaseStore(redis, keys),
        new RedisSignalChannel(channels, keys));
  }

  private record RedisLeaseStore(RedisConnections redis, LegacyKeys keys) implements LeaseStore {
    @Override
    public void renew(String process, Duration lease) {
      var _ = redis.run(on -> on.psetex(keys.lease(process), lease.toMillis(), "1"));
    }

    @Override
    public boolean isAlive(String process) {
      return redis.run(on -> on.exists(keys.lease(process))) == 1;
    }
  }
}
