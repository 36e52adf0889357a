package dev.longhaul.queue.redis.production;

import dev.longhaul.production.Finding;
import dev.longhaul.production.ProductionCheck;
import dev.longhaul.queue.ExpectedQueues;
import dev.longhaul.queue.redis.check.RedisAddress;
import dev.longhaul.queue.redis.check.RedisProblem;
import dev.longhaul.queue.redis.check.RedisRefusal;
import dev.longhaul.queue.redis.embedded.RunningEmbeddedRedis;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Everything about the Redis. Where it does not answer, that is the only finding. */
final class RedisProductionCheck implements ProductionCheck {
  private static final double DEFAULT_MEMORY_LIMIT = 0.8;

  private final RedisConnectionFactory connections;
  private final @Nullable DataRedisConnectionDetails details;
  private final boolean embedded;
  private final ExpectedQueues queues;
  private final Environment environment;
  private final Clock clock;

  /**
   * @param embedded whether this process has started the Redis
   */
  RedisProductionCheck(
      RedisConnectionFactory connections,
      @Nullable DataRedisConnectionDetails details,
      boolean embedded,
      ExpectedQueues queues,
      Environment environment,
      Clock clock) {
    this.connections = connections;
    this.details = details;
    this.embedded = embedded;
    this.queues = queues;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public List<Finding> findings() {
    if (isEmbeddedAndStopped()) {
      return List.of(
          Finding.warn(
              "redis",
              "No server runs with the embedded Redis in "
                  + RunningEmbeddedRedis.directory(environment)
                  + ", so Redis and workers could not be looked at.",
              "Start the server, then check again, or set spring.data.redis.url."));
    }
    try (RedisConnection connection = connections.getConnection()) {
      return findings(connection);
    } catch (DataAccessException e) {
      RedisProblem problem = RedisRefusal.of(RedisAddress.of(details), e);
      return List.of(Finding.fail("redis", problem.description(), problem.action()));
    }
  }

  // Never in a server: there the embedded Redis runs before any check.
  private boolean isEmbeddedAndStopped() {
    return !embedded
        && RunningEmbeddedRedis.isMeantBy(environment)
        && !RunningEmbeddedRedis.isUsedBy(environment);
  }

  private List<Finding> findings(RedisConnection connection) {
    RedisAnswers redis = new RedisAnswers(connection);
    List<Finding> found = new ArrayList<>();
    found.addAll(Responsiveness.of(connection, clock)); // first: it fails where nobody is there
    found.add(Transport.of(connections, details));
    found.addAll(
        Durability.of(
            redis, environment.getProperty("longhaul.redis.allow-eviction", Boolean.class, false)));
    found.add(
        Headroom.of(
            redis,
            environment.getProperty(
                "longhaul.redis.memory-limit", Double.class, DEFAULT_MEMORY_LIMIT)));
    String namespace = environment.getProperty("longhaul.namespace", "default");
    Set<String> needed = new TreeSet<>(queues.names());
    needed.addAll(StoredQueues.withJobs(connection, namespace));
    found.add(WorkersPresent.of(redis, namespace, needed));
    return found;
  }
}
