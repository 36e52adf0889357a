package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.Channels;
import dev.longhaul.redis.LazyConnection;
import dev.longhaul.redis.NodeConnection;
import dev.longhaul.redis.RedisClients;
import dev.longhaul.redis.RedisConnections;
import dev.longhaul.redis.RedisUnavailableException;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of the queue: the shared one, one for leases (renewals must not wait behind large
 * results), one for results, and blocking ones. Converts failures of Redis into {@link
 * QueueUnavailableException}.
 */
final class QueueConnections implements AutoCloseable {
  /** The longest blocking wait; a wake token ends it at once. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final RedisConnections redis;
  private final Channels channels;
  private final RedisKeys keys;
  private final LazyConnection<StatefulConnection<String, String>> leases;
  private final LazyConnection<StatefulConnection<String, byte[]>> bulk;
  private final Duration replicationLimit;
  private final Replication replication;
  private final List<Runnable> first = new CopyOnWriteArrayList<>();

  QueueConnections(
      RedisConnections redis,
      Channels channels,
      RedisKeys keys,
      RedisQueueProperties.Redis settings) {
    this.redis = redis;
    this.channels = channels;
    this.keys = keys;
    this.leases = redis.another();
    this.bulk = redis.anotherForBytes();
    this.replicationLimit = settings.ackTimeout();
    this.replication = new Replication(this, keys, settings);
  }

  /** Whether the shards may lie on different nodes. */
  boolean isCluster() {
    return redis.isCluster();
  }

  /** Whether the connection to this shard's node is known to be lost. */
  boolean isLost(int shard) {
    return redis.isLost(keys.tag(shard));
  }

  RedisClusterAsyncCommands<String, String> shared() {
    return translated(redis::shared);
  }

  RedisClusterAsyncCommands<String, String> leases() {
    return RedisClients.commands(translated(leases::get));
  }

  /** For results, which may be megabytes. */
  RedisClusterAsyncCommands<String, byte[]> bulk() {
    return RedisClients.commands(translated(bulk::get));
  }

  /** Opens a connection to this shard's node for the caller only; it does not reconnect. */
  NodeConnection openToNode(int shard) {
    return translated(() -> redis.openToNode(keys.tag(shard)));
  }

  /**
   * Runs a script whose effect is acknowledged to a client, and waits for as many replicas as
   * {@code longhaul.redis.ack-replicas} requires.
   *
   * @throws QueueUnavailableException also if it was executed but not confirmed by enough replicas
   */
  <T> T promise(
      int shard, Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return await(promised(shard, script), promiseLimit());
  }

  /** The same without waiting; the caller waits at most {@link #promiseLimit}. */
  <T> CompletableFuture<T> promised(
      int shard, Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return replication.isOn() ? replication.write(shard, script) : script.apply(shared());
  }

  /** Whether replicas have to confirm. */
  boolean waitsForReplicas() {
    return replication.isOn();
  }

  Duration promiseLimit() {
    return replication.isOn() ? timeout().plus(replicationLimit) : timeout();
  }

  /** Runs a script that records outcomes; missing confirmations of replicas are only logged. */
  <T> CompletableFuture<T> record(
      NodeConnection recording,
      int shard,
      Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return replication.writeAnyway(recording, shard, script);
  }

  /** The connection for {@link #record}; null if no replica has to confirm. */
  @Nullable NodeConnection recording(int shard) {
    return replication.isOn() ? replication.connection(shard) : null;
  }

  /** Ends the blocking read of another connection; 1 if there was one. */
  CompletableFuture<Long> unblock(NodeConnection waiting, long clientId) {
    return redis.unblock(waiting, clientId);
  }

  /** How long to wait for a reply. */
  Duration timeout() {
    return redis.timeout();
  }

  /** Runs a script on each of these shards; returns its lists in the same order. */
  List<List<Object>> onEach(List<Integer> shards, Script script, List<String> args) {
    List<CompletableFuture<List<Object>>> sent =
        shards.stream()
            .map(shard -> Scripts.list(shared(), script, keys.tag(shard), args))
            .toList();
    return sent.stream().map(this::await).toList();
  }

  /**
   * The same reply, or a failure after the time-out, since Lettuce keeps commands that it cannot
   * send.
   */
  <T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
    return redis
        .inTime(answer)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                failure instanceof RedisUnavailableException away ? translated(away) : failure));
  }

  /** Waits for a reply of Redis. */
  <T extends @Nullable Object> T await(Future<T> answer) {
    return translated(() -> redis.await(answer));
  }

  /** Waits for a reply with its own time limit. */
  <T extends @Nullable Object> T await(Future<T> answer, Duration limit) {
    return translated(() -> redis.await(answer, limit));
  }

  /**
   * Waits for a reply on {@link #leases()}. A connection that exceeds the limit is dropped at once,
   * because the next renewal is the last one before the leases expire.
   */
  <T extends @Nullable Object> T awaitRenewal(Future<T> answer, Duration limit) {
    return translated(() -> {
      var used = leases.get();
      return redis.await(answer, limit, () -> leases.drop(used));
    });
  }

  /** The channels with this pattern to which somebody listens. */
  Set<String> channels(String pattern) {
    return translated(() -> redis.channels(pattern));
  }

  /** Adds a listener, which the next {@link #tune} subscribes. */
  void add(String channel, Channels.Listener listener) {
    channels.add(channel, listener);
  }

  /**
   * Subscribes to the channels of all listeners.
   *
   * @throws QueueUnavailableException if that fails or takes longer than the limit
   */
  void tune(Duration limit) {
    var _ =
        translated(() -> {
          channels.tune(limit);
          return true;
        });
  }

  private static <T extends @Nullable Object> T translated(Supplier<T> use) {
    try {
      return use.get();
    } catch (RedisUnavailableException e) {
      throw translated(e);
    }
  }

  private static QueueUnavailableException translated(RedisUnavailableException failure) {
    Throwable cause = failure.getCause();
    return cause instanceof QueueUnavailableException known
        ? known
        : new QueueUnavailableException(
            String.valueOf(failure.getMessage()), cause == null ? failure : cause);
  }

  /** Adds an action that runs before these connections are closed. */
  void closeFirst(Runnable closing) {
    first.add(closing);
  }

  @Override
  public void close() {
    first.forEach(Runnable::run);
    replication.close();
  }
}
