package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The connections of one process, made from Boot's client so that all of {@code
 * spring.data.redis.*} holds: one shared by every script, one for blocking reads, one for leases (a
 * renewal must not queue behind bulk traffic), one for publish and subscribe.
 */
final class RedisConnections implements AutoCloseable {
  /** The longest blocking read; a wake token ends it at once. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final LettuceConnectionFactory factory;
  private final Duration timeout;
  private final LazyConnection<StatefulRedisConnection<String, String>> shared =
      new LazyConnection<>(() -> client().connect(StringCodec.UTF8));
  private final LazyConnection<StatefulRedisConnection<String, String>> leases =
      new LazyConnection<>(() -> client().connect(StringCodec.UTF8));
  private final LazyConnection<StatefulRedisConnection<String, String>> blocking =
      new LazyConnection<>(this::connectBlocking);
  private final LazyConnection<StatefulRedisPubSubConnection<String, String>> pubSub =
      new LazyConnection<>(() -> client().connectPubSub(StringCodec.UTF8));
  private volatile Future<Long> blockingClientId = CompletableFuture.completedFuture(-1L);

  RedisConnections(LettuceConnectionFactory factory, Duration timeout) {
    this.factory = factory;
    this.timeout = timeout;
  }

  StatefulRedisConnection<String, String> shared() {
    return shared.get();
  }

  StatefulRedisConnection<String, String> leases() {
    return leases.get();
  }

  /** For BLPOP alone, and for no longer than {@link #LONGEST_WAIT}. */
  StatefulRedisConnection<String, String> blocking() {
    return blocking.get();
  }

  StatefulRedisPubSubConnection<String, String> pubSub() {
    return pubSub.get();
  }

  /** Redis may call the connection differently after each reconnect. */
  void blockingClientId(Future<Long> id) {
    blockingClientId = id;
  }

  /** What Redis calls the blocking connection, or -1 if there is none. */
  Future<Long> blockingClientId() {
    return blockingClientId;
  }

  /** Gives up a blocking connection that does not answer; the next wait gets a new one. */
  void dropBlocking(StatefulRedisConnection<String, String> broken) {
    blockingClientId = CompletableFuture.completedFuture(-1L);
    blocking.drop(broken);
  }

  /** Waits for an answer of Redis. */
  <T extends @Nullable Object> T await(Future<T> answer) {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueueUnavailableException("Interrupted while waiting for Redis", e);
    } catch (TimeoutException e) {
      throw new QueueUnavailableException(
          "Redis did not answer within " + timeout + " (longhaul.redis.command-timeout)", e);
    } catch (ExecutionException e) {
      throw unavailable(e.getCause() == null ? e : e.getCause());
    }
  }

  static QueueUnavailableException unavailable(Throwable cause) {
    return new QueueUnavailableException("Redis could not be used: " + cause.getMessage(), cause);
  }

  // Its command time-out is longer than any wait: a time-out during a blocking read would drop a
  // claim that Redis has made.
  private StatefulRedisConnection<String, String> connectBlocking() {
    var connection = client().connect(StringCodec.UTF8);
    connection.setTimeout(LONGEST_WAIT.plus(timeout).plusSeconds(5));
    return connection;
  }

  private RedisClient client() {
    AbstractRedisClient client = factory.getRequiredNativeClient();
    if (client instanceof RedisClient redis) {
      return redis;
    }
    throw new IllegalStateException(
        "Redis Cluster is not served yet: set spring.data.redis.url or"
            + " spring.data.redis.sentinel.* instead of spring.data.redis.cluster.*.");
  }

  @Override
  public void close() {
    blocking.close();
    leases.close();
    pubSub.close();
    shared.close();
  }
}
