package dev.longhaul.gateway.redis;

import dev.longhaul.gateway.auth.owner.KeptTokens;
import dev.longhaul.job.JobId;
import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores one string per job, with the time at which Redis deletes it. */
public final class RedisKeptTokens implements KeptTokens {
  private static final Logger log = LoggerFactory.getLogger(RedisKeptTokens.class);

  private final RedisConnections redis;
  private final GatewayKeys keys;

  public RedisKeptTokens(RedisConnections redis, KeyTags tags) {
    this.redis = redis;
    this.keys = GatewayKeys.of(tags);
  }

  @Override
  public void put(JobId job, String sealed, Duration life) {
    var _ = redis.run(on -> on.psetex(keys.token(job), Math.max(1, life.toMillis()), sealed));
  }

  @Override
  public Optional<String> find(JobId job) {
    return Optional.ofNullable(redis.run(on -> on.get(keys.token(job))));
  }

  @Override
  public void forget(JobId job) {
    try {
      var _ = redis.shared().unlink(keys.token(job));
    } catch (RuntimeException e) {
      log.debug("The token of job {} could not be deleted; it ends by itself", job, e);
    }
  }
}
