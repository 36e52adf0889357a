package dev.longhaul.queue.redis.check;

import dev.longhaul.queue.redis.Layout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Checks that the Redis is suitable for the queue: reachable, new enough, and not evicting keys. In
 * mode fail this happens when the bean is created, so beans that depend on it are created only with
 * a suitable Redis.
 */
public final class RedisCheck implements InitializingBean {
  private static final Logger log = LoggerFactory.getLogger(RedisCheck.class);
  private static final String KEEPS_ALL = "noeviction";

  private final RedisConnectionFactory connections;
  private final RedisCheckProperties properties;
  private final String address;
  private final String namespace;

  RedisCheck(
      RedisConnectionFactory connections,
      RedisCheckProperties properties,
      String address,
      String namespace) {
    this.connections = connections;
    this.properties = properties;
    this.address = address;
    this.namespace = namespace;
  }

  /**
   * Fails the start when the Redis is not suitable.
   *
   * @throws UnusableRedisException in mode fail
   */
  @Override
  public void afterPropertiesSet() {
    if (properties.check() == RedisCheckProperties.Mode.FAIL) {
      inspect(this::warn)
          .ifPresent(problem -> {
            throw new UnusableRedisException(problem);
          });
    }
  }

  /** Checks now; empty when the Redis is suitable. */
  public Optional<RedisProblem> findProblem() {
    return inspect(facts -> {});
  }

  private Optional<RedisProblem> inspect(Consumer<RedisFacts> fit) {
    try (var connection = connections.getConnection()) {
      var facts = RedisFacts.ask(connection.serverCommands());
      var problem = judge(facts).or(() -> layoutProblem(connection));
      if (problem.isEmpty()) {
        fit.accept(facts);
      }
      return problem;
    } catch (DataAccessException e) {
      log.debug("{} refused the check", address, e);
      return Optional.of(RedisRefusal.of(address, e));
    }
  }

  private Optional<RedisProblem> judge(RedisFacts facts) {
    var tooOld = facts.versions().stream().filter(version -> !version.isSupported()).findFirst();
    if (tooOld.isPresent()) {
      return Optional.of(
          new RedisProblem(
              address
                  + " is version "
                  + tooOld.get()
                  + "; Longhaul needs "
                  + RedisVersion.OLDEST_SUPPORTED
                  + " or newer.",
              "Upgrade it, or point spring.data.redis.url at a Redis or Valkey that is newer."));
    }
    return facts.policies().stream()
        .filter(policy -> !policy.equals(KEEPS_ALL) && !properties.allowEviction())
        .findFirst()
        .map(policy ->
            new RedisProblem(
                address
                    + " throws keys away when its memory is full (maxmemory-policy "
                    + policy
                    + "), and with them jobs.",
                "Set maxmemory-policy noeviction on it (CONFIG SET maxmemory-policy"
                    + " noeviction, and in its configuration file), or accept the loss with "
                    + RedisCheckProperties.ALLOW_EVICTION
                    + "=true."));
  }

  private Optional<RedisProblem> layoutProblem(RedisConnection connection) {
    byte[] stored =
        connection.hashCommands().hGet(bytes(Layout.key(namespace)), bytes(Layout.FIELD));
    return Optional.ofNullable(stored)
        .map(layout -> Long.parseLong(new String(layout, StandardCharsets.UTF_8)))
        .filter(layout -> layout > Layout.VERSION)
        .map(layout ->
            new RedisProblem(
                "The namespace "
                    + namespace
                    + " in "
                    + address
                    + " has layout "
                    + layout
                    + ", written by a newer Longhaul; this one reads layouts up to "
                    + Layout.VERSION
                    + ".",
                Layout.remedy()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void warn(RedisFacts facts) {
    if (facts.policies().isEmpty()) {
      log.warn(
          "{} does not tell its maxmemory-policy; make sure that it is {}, or it may throw jobs"
              + " away",
          address,
          KEEPS_ALL);
    }
    if (facts.keepsNothing()) {
      log.warn(
          "{} keeps nothing on disk (appendonly no, save empty): its restart loses every job;"
              + " set appendonly yes",
          address);
    }
  }
}
