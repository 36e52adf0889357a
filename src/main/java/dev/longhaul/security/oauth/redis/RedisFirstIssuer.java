package dev.longhaul.security.oauth.redis;

import dev.longhaul.redis.KeyTags;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.security.oauth.FirstIssuer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The first issuer in one string, which is never changed. */
public final class RedisFirstIssuer implements FirstIssuer {
  private final RedisConnections redis;
  private final String key;

  public RedisFirstIssuer(RedisConnections redis, KeyTags tags) {
    this.redis = redis;
    this.key = tags.tag() + ":issuer";
  }

  @Override
  public String orElse(String issuer) {
    var _ = redis.run(on -> on.setnx(key, issuer));
    return Objects.requireNonNullElse(redis.<@Nullable String>run(on -> on.get(key)), issuer);
  }
}
