package dev.longhaul.mcp.legacy.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.mcp.legacy.TaskTokens;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Stores one string per session and task. */
final class RedisTaskTokens implements TaskTokens {
  private final RedisConnections redis;
  private final LegacyKeys keys;

  RedisTaskTokens(RedisConnections redis, LegacyKeys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  @Override
  public void keep(String session, JobId task, String token, Duration ttl) {
    var _ = redis.run(on -> on.psetex(key(session, task), ttl.toMillis(), token));
  }

  @Override
  public @Nullable String find(String session, JobId task) {
    return redis.run(on -> on.get(key(session, task)));
  }

  // Several sessions of one owner can follow the same task, each with its own token.
  private String key(String session, JobId task) {
    return keys.task(session + ":" + task.value());
  }
}
