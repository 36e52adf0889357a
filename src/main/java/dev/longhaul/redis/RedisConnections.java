package dev.longhaul.redis;

import dev.longhaul.thread.CoarseTimer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.UnblockType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The Redis connections of one process, opened with Spring Boot's client so that all of {@code
 * spring.data.redis.*} applies: one for scripts and short commands, one for pub/sub, and further
 * ones on request. With Redis Cluster each is one connection to every node.
 */
public final class RedisConnections implements AutoCloseable {
  private static final Duration PING_LIMIT = Duration.ofSeconds(2);

  // How often a waiting call checks whether its connection is lost.
  private static final long CHECK_NANOS = Duration.ofMillis(200).toNanos();

  private static final Logger log = LoggerFactory.getLogger(RedisConnections.class);

  private final RedisClients clients;
  private final Disconnects disconnects;
  private final Duration timeout;
  private final CoarseTimer limits = new CoarseTimer("longhaul-redis-limits");
  private final LazyConnection<StatefulConnection<String, String>> shared;
  private final LazyConnection<StatefulRedisPubSubConnection<String, String>> pubSub;
  private final List<LazyConnection<?>> others = new CopyOnWriteArrayList<>();

  /**
   * @param timeout how long to wait for a reply
   */
  public RedisConnections(LettuceConnectionFactory factory, Duration timeout) {
    this.disconnects = new Disconnects(() -> resetShared(factory));
    this.clients = new RedisClients(factory, disconnects);
    this.timeout = timeout;
    shared = new LazyConnection<>(clients::connect, disconnects);
    pubSub = new LazyConnection<>(clients::connectPubSub, disconnects);
  }

  /** Whether keys may be on different nodes. */
  public boolean isCluster() {
    return clients.isCluster();
  }

  /** Whether the connection to the node with this key is lost. */
  public boolean isLost(String key) {
    return clients.isCluster() && clients.isLost(key);
  }

  /**
   * The commands of the shared connection.
   *
   * @throws RedisUnavailableException if it cannot be opened, or is lost and not restored in time
   */
  public RedisClusterAsyncCommands<String, String> shared() {
    return RedisClients.commands(shared.get());
  }

  /** Sends a command on the shared connection and waits for its reply. */
  public <T extends @Nullable Object> T run(
      Function<RedisClusterAsyncCommands<String, String>, ? extends Future<T>> command) {
    return await(command.apply(shared()));
  }

  /** Runs a script that returns a list of strings; empty if it returns nil. */
  public List<String> texts(LuaScript script, List<String> keys, String... args) {
    CompletableFuture<@Nullable List<String>> answer =
        Scripts.run(shared(), script, ScriptOutputType.MULTI, keys, args);
    List<String> texts = await(answer);
    return texts == null ? List.of() : texts;
  }

  /**
   * A further connection, for commands that must not wait behind others; closed together with
   * these.
   */
  public LazyConnection<StatefulConnection<String, String>> another() {
    return kept(new LazyConnection<>(clients::connect, disconnects));
  }

  /** A further connection for binary values; closed together with these. */
  public LazyConnection<StatefulConnection<String, byte[]>> anotherForBytes() {
    return kept(new LazyConnection<>(clients::connectBulk, disconnects));
  }

  private <C extends LazyConnection<?>> C kept(C connection) {
    others.add(connection);
    return connection;
  }

  /**
   * Opens all connections that are not open yet. If that fails, they are opened when they are first
   * needed.
   *
   * <p>Lettuce opens connections with the help of Java's common pool, which has a single thread on
   * two processors. While a tool or the host application occupies that thread, none can be opened,
   * and a worker that needs its first connection then would lose its leases.
   */
  void open() {
    Stream.concat(Stream.of(shared, pubSub), others.stream())
        .forEach(connection -> {
          try {
            var _ = connection.get();
          } catch (RedisUnavailableException e) {
            log.debug(
                "A connection to Redis could not be opened yet; it is opened when it is needed: {}",
                e.getMessage());
          }
        });
  }

  StatefulRedisPubSubConnection<String, String> pubSub() {
    return pubSub.get();
  }

  /** Opens a connection to the node with this key for the caller only; it does not reconnect. */
  public NodeConnection openToNode(String key) {
    return clients.openToNode(key);
  }

  /** Ends the blocking read of another connection; 1 if there was one. */
  public CompletableFuture<Long> unblock(NodeConnection waiting, long clientId) {
    try {
      return RedisClients.onNode(shared.get(), waiting.nodeId())
          .thenCompose(node -> node.clientUnblock(clientId, UnblockType.TIMEOUT));
    } catch (RedisUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The channels with this pattern that any client has subscribed to; in a cluster on any node. */
  public Set<String> channels(String pattern) {
    if (shared.get() instanceof StatefulRedisClusterConnection<String, String> cluster) {
      Set<String> found = new HashSet<>();
      for (CompletableFuture<List<String>> node :
          cluster.async().all().commands().pubsubChannels(pattern).futures()) {
        found.addAll(await(node));
      }
      return found;
    }
    return Set.copyOf(run(on -> on.pubsubChannels(pattern)));
  }

  /** How long to wait for a reply. */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Calls of Spring Data on its shared connection would wait for the whole {@code
   * spring.data.redis.timeout}. Closing the connection ends them; the next call opens another one
   * or fails at once.
   */
  private static void resetShared(LettuceConnectionFactory factory) {
    try {
      if (factory.isRunning()) {
        PooledConnections.closeShared(factory);
        factory.resetConnection();
      }
    } catch (RuntimeException e) {
      log.debug("The connection that Spring Data shares could not be closed", e);
    }
  }

  /**
   * The same reply, or a failure after the time-out, since Lettuce keeps commands that it cannot
   * send.
   */
  public <T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
    disconnects.endWithTheConnection(answer);
    if (!answer.isDone()) {
      // Not orTimeout: each would wake a thread of the common pool twice, which costs more than the
      // command.
      CoarseTimer.Handle limit =
          limits.after(timeout, () -> answer.completeExceptionally(new TimeoutException()));
      var _ = answer.whenComplete((_, _) -> limit.cancel());
    }
    return answer.exceptionallyCompose(failure ->
        CompletableFuture.failedFuture(
            failure instanceof TimeoutException ? lateOnShared(failure) : failure));
  }

  /** Waits for a reply of Redis. */
  public <T extends @Nullable Object> T await(Future<T> answer) {
    return await(answer, timeout, this::lateOnShared);
  }

  /** Waits for a reply with its own time limit. */
  public <T extends @Nullable Object> T await(Future<T> answer, Duration limit) {
    return await(answer, limit, late -> late(late, limit));
  }

  /**
   * Waits for a reply on another connection than the shared one.
   *
   * @param whenLate runs when the limit is exceeded
   */
  public <T extends @Nullable Object> T await(Future<T> answer, Duration limit, Runnable whenLate) {
    return await(
        answer,
        limit,
        late -> {
          whenLate.run();
          return late(late, limit);
        });
  }

  private <T extends @Nullable Object> T await(
      Future<T> answer,
      Duration limit,
      Function<TimeoutException, RedisUnavailableException> whenLate) {
    long began = System.nanoTime();
    while (true) {
      long left = limit.toNanos() - (System.nanoTime() - began);
      try {
        return answer.get(Math.min(left, CHECK_NANOS), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RedisUnavailableException("Interrupted while waiting for Redis", e);
      } catch (TimeoutException e) {
        if (left <= CHECK_NANOS) {
          answer.cancel(true);
          throw whenLate.apply(e);
        }
        if (isHopeless(System.nanoTime() - began)) {
          answer.cancel(true);
          throw Disconnects.away();
        }
      } catch (CancellationException e) {
        throw new RedisUnavailableException(
            "Redis could not be used: the connection was closed before the reply", e);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RedisUnavailableException known
            ? known
            : RedisUnavailableException.of(e.getCause() == null ? e : e.getCause());
      }
    }
  }

  // In a cluster the node of the reply is not known here.
  private boolean isHopeless(long waited) {
    return disconnects.known()
        && (!clients.isCluster() || waited >= Disconnects.UNNOTICED.toNanos());
  }

  // Redis may be slow, or the connection is lost without notice, which TCP detects only after a
  // quarter of an hour. If a ping gets no reply either, the connection is dropped.
  private RedisUnavailableException lateOnShared(Throwable cause) {
    for (LazyConnection<? extends StatefulConnection<String, String>> one :
        List.of(shared, pubSub)) {
      one.probe(connection -> RedisClients.commands(connection).ping(), PING_LIMIT);
    }
    return late(cause, timeout);
  }

  private static RedisUnavailableException late(Throwable cause, Duration limit) {
    return new RedisUnavailableException(
        "Redis did not answer within " + limit + " (longhaul.redis.command-timeout)", cause);
  }

  /** Whether Redis refused for lack of memory; 6.2 wraps the error of a script. */
  public static boolean isOutOfMemory(Throwable failure) {
    Throwable cause =
        failure instanceof RedisCommandExecutionException ? failure : failure.getCause();
    return cause instanceof RedisCommandExecutionException refused
        && String.valueOf(refused.getMessage()).contains("OOM command not allowed");
  }

  @Override
  public void close() {
    others.forEach(LazyConnection::close);
    pubSub.close();
    shared.close();
    limits.close();
  }
}
