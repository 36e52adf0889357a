package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.UnblockType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The connections of one process, made from Boot's client so that all of {@code
 * spring.data.redis.*} holds: one shared by every script, one for leases (a renewal must not queue
 * behind bulk traffic), one for results, one for publish and subscribe, and those that wait for
 * jobs. With Redis Cluster each of them is one connection to every node.
 */
final class RedisConnections implements AutoCloseable {
  /** The longest blocking read; a wake token ends it at once. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private static final Duration PING_LIMIT = Duration.ofSeconds(2);

  // Between two looks at whether the connection that an answer would come on is lost.
  private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

  private static final Logger log = LoggerFactory.getLogger(RedisConnections.class);

  private final RedisClients clients;
  private final Disconnects disconnects;
  private final RedisKeys keys;
  private final Duration timeout;
  private final LazyConnection<StatefulConnection<String, String>> shared;
  private final LazyConnection<StatefulConnection<String, String>> leases;
  private final LazyConnection<StatefulConnection<String, byte[]>> bulk;
  private final LazyConnection<StatefulRedisPubSubConnection<String, String>> pubSub;
  private final Duration replicationLimit;
  private final Replication replication;
  private final List<Runnable> first = new CopyOnWriteArrayList<>();

  RedisConnections(
      LettuceConnectionFactory factory, RedisKeys keys, RedisQueueProperties.Redis settings) {
    this.disconnects = new Disconnects(() -> resetShared(factory));
    this.clients = new RedisClients(factory, disconnects);
    this.keys = keys;
    this.timeout = settings.commandTimeout();
    this.replicationLimit = settings.ackTimeout();
    this.replication = new Replication(clients, keys, settings);
    shared = new LazyConnection<>(clients::connect, disconnects);
    leases = new LazyConnection<>(clients::connect, disconnects);
    bulk = new LazyConnection<>(clients::connectBulk, disconnects);
    pubSub = new LazyConnection<>(clients::connectPubSub, disconnects);
  }

  /** Whether the shards may lie on different nodes. */
  boolean isCluster() {
    return clients.isCluster();
  }

  /** Whether the node that has this shard is known not to answer at the moment. */
  boolean isLost(int shard) {
    return clients.isCluster() && clients.isLost(keys.tag(shard));
  }

  RedisClusterAsyncCommands<String, String> shared() {
    return RedisClients.commands(shared.get());
  }

  RedisClusterAsyncCommands<String, String> leases() {
    return RedisClients.commands(leases.get());
  }

  /** For results, which may be megabytes. */
  RedisClusterAsyncCommands<String, byte[]> bulk() {
    return RedisClients.commands(bulk.get());
  }

  StatefulRedisPubSubConnection<String, String> pubSub() {
    return pubSub.get();
  }

  /** A connection of the caller's own to the node that has this shard; it does not reconnect. */
  NodeConnection openToNode(int shard) {
    return clients.openToNode(keys.tag(shard));
  }

  /**
   * Runs a script that makes a promise to somebody outside, and waits until as many replicas have
   * it as {@code longhaul.redis.ack-replicas} says.
   *
   * @throws QueueUnavailableException also when it is stored, but not on enough replicas in time
   */
  <T> T promise(
      int shard, Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return await(promised(shard, script), promiseLimit());
  }

  /** The same; the answer may be waited for until {@link #promiseLimit}. */
  <T> CompletableFuture<T> promised(
      int shard, Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return replication.isOn() ? replication.write(shard, script) : script.apply(shared());
  }

  /** Whether a promise waits for replicas. */
  boolean waitsForReplicas() {
    return replication.isOn();
  }

  Duration promiseLimit() {
    return replication.isOn() ? timeout.plus(replicationLimit) : timeout;
  }

  /** Runs a script that records outcomes; replicas that are missing only lead to a warning. */
  <T> CompletableFuture<T> record(
      NodeConnection recording,
      int shard,
      Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return replication.writeAnyway(recording, shard, script);
  }

  /** The connection for {@link #record}; null where no replica has to confirm anything. */
  @Nullable NodeConnection recording(int shard) {
    return replication.isOn() ? replication.connection(shard) : null;
  }

  /** Ends the blocking read of another connection; 1 if there was one. */
  CompletableFuture<Long> unblock(NodeConnection waiting, long clientId) {
    try {
      return RedisClients.onNode(shared.get(), waiting.nodeId())
          .thenCompose(node -> node.clientUnblock(clientId, UnblockType.TIMEOUT));
    } catch (QueueUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** How long to wait for an answer. */
  Duration timeout() {
    return timeout;
  }

  /** Runs a script that answers with a list on each of these shards; answers in their order. */
  List<List<Object>> onEach(List<Integer> shards, Script script, List<String> args) {
    List<CompletableFuture<List<Object>>> sent =
        shards.stream()
            .map(shard -> Scripts.list(shared(), script, keys.tag(shard), args))
            .toList();
    return sent.stream().map(this::await).toList();
  }

  /**
   * Calls that Spring Data makes on the connection that it shares wait there, out of our reach, for
   * as long as {@code spring.data.redis.timeout}. Closing it ends them; the next call opens another
   * one, or fails at once.
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

  /** The same answer, or a failure in time: Lettuce holds back what it cannot send now. */
  <T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
    disconnects.endWithTheConnection(answer);
    return answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                failure instanceof TimeoutException ? lateOnShared(failure) : failure));
  }

  /** Waits for an answer of Redis. */
  <T extends @Nullable Object> T await(Future<T> answer) {
    return await(answer, timeout, this::lateOnShared);
  }

  /** Waits for an answer that may take longer than others. */
  <T extends @Nullable Object> T await(Future<T> answer, Duration limit) {
    return await(answer, limit, late -> late(late, limit));
  }

  /**
   * Waits for an answer on {@link #leases()}. A connection that is late is given up at once: the
   * next renewal is the last one before the leases end.
   */
  <T extends @Nullable Object> T awaitRenewal(Future<T> answer, Duration limit) {
    var used = leases.get();
    return await(
        answer,
        limit,
        late -> {
          leases.drop(used);
          return late(late, limit);
        });
  }

  private <T extends @Nullable Object> T await(
      Future<T> answer,
      Duration limit,
      Function<TimeoutException, QueueUnavailableException> whenLate) {
    long began = System.nanoTime();
    while (true) {
      long left = limit.toNanos() - (System.nanoTime() - began);
      try {
        return answer.get(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QueueUnavailableException("Interrupted while waiting for Redis", e);
      } catch (TimeoutException e) {
        if (left <= LOOK_NANOS) {
          answer.cancel(true);
          throw whenLate.apply(e);
        }
        if (isHopeless(System.nanoTime() - began)) {
          answer.cancel(true);
          throw Disconnects.away();
        }
      } catch (CancellationException e) {
        throw new QueueUnavailableException(
            "Redis could not be used: the connection was closed before it answered", e);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof QueueUnavailableException known
            ? known
            : unavailable(e.getCause() == null ? e : e.getCause());
      }
    }
  }

  // Which node of a cluster an answer comes from is not known here; the others answer quickly.
  private boolean isHopeless(long waited) {
    return disconnects.known()
        && (!clients.isCluster() || waited >= Disconnects.UNNOTICED.toNanos());
  }

  // Redis may be slow, or the other end is gone and nobody has said so; TCP would try for a quarter
  // of an hour. What does not answer a ping either is given up.
  private QueueUnavailableException lateOnShared(Throwable cause) {
    for (LazyConnection<? extends StatefulConnection<String, String>> one :
        List.of(shared, pubSub)) {
      one.probe(connection -> RedisClients.commands(connection).ping(), PING_LIMIT);
    }
    return late(cause, timeout);
  }

  private static QueueUnavailableException late(Throwable cause, Duration limit) {
    return new QueueUnavailableException(
        "Redis did not answer within " + limit + " (longhaul.redis.command-timeout)", cause);
  }

  /** Whether Redis refused for want of memory; 6.2 puts a script's error into one of its own. */
  static boolean isOutOfMemory(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException || failure instanceof QueueUnavailableException
            ? failure.getCause()
            : failure;
    return cause instanceof RedisCommandExecutionException refused
        && String.valueOf(refused.getMessage()).contains("OOM command not allowed");
  }

  static QueueUnavailableException unavailable(Throwable cause) {
    return new QueueUnavailableException("Redis could not be used: " + cause.getMessage(), cause);
  }

  /** What a user of these connections opened himself is closed before them. */
  void closeFirst(Runnable closing) {
    first.add(closing);
  }

  @Override
  public void close() {
    first.forEach(Runnable::run);
    replication.close();
    leases.close();
    bulk.close();
    pubSub.close();
    shared.close();
  }
}
