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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections as the queue uses them: besides the shared one there is one for leases (a renewal
 * must not queue behind bulk traffic), one for results, and those that wait for jobs. What Redis
 * fails with is here a {@link QueueUnavailableException}, as the queue's port says.
 */
final class QueueConnections implements AutoCloseable {
  /** The longest blocking read; a wake token ends it at once. */
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

  /** Whether the node that has this shard is known not to answer at the moment. */
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

  /** A connection of the caller's own to the node that has this shard; it does not reconnect. */
  NodeConnection openToNode(int shard) {
    return translated(() -> redis.openToNode(keys.tag(shard)));
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
    return replication.isOn() ? timeout().plus(replicationLimit) : timeout();
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
    return redis.unblock(waiting, clientId);
  }

  /** How long to wait for an answer. */
  Duration timeout() {
    return redis.timeout();
  }

  /** Runs a script that answers with a list on each of these shards; answers in their order. */
  List<List<Object>> onEach(List<Integer> shards, Script script, List<String> args) {
    List<CompletableFuture<List<Object>>> sent =
        shards.stream()
            .map(shard -> Scripts.list(shared(), script, keys.tag(shard), args))
            .toList();
    return sent.stream().map(this::await).toList();
  }

  /** The same answer, or a failure in time: Lettuce holds back what it cannot send now. */
  <T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
    return redis
        .inTime(answer)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                failure instanceof RedisUnavailableException away ? translated(away) : failure));
  }

  /** Waits for an answer of Redis. */
  <T extends @Nullable Object> T await(Future<T> answer) {
    return translated(() -> redis.await(answer));
  }

  /** Waits for an answer that may take longer than others. */
  <T extends @Nullable Object> T await(Future<T> answer, Duration limit) {
    return translated(() -> redis.await(answer, limit));
  }

  /**
   * Waits for an answer on {@link #leases()}. A connection that is late is given up at once: the
   * next renewal is the last one before the leases end.
   */
  <T extends @Nullable Object> T awaitRenewal(Future<T> answer, Duration limit) {
    return translated(() -> {
      var used = leases.get();
      return redis.await(answer, limit, () -> leases.drop(used));
    });
  }

  /** From the next {@link #tune} on, this one hears the channel. */
  void add(String channel, Channels.Listener listener) {
    channels.add(channel, listener);
  }

  /**
   * Hears every channel from now on.
   *
   * @throws QueueUnavailableException if that cannot be done within the limit
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

  /** What a user of these connections opened himself is closed before them. */
  void closeFirst(Runnable closing) {
    first.add(closing);
  }

  @Override
  public void close() {
    first.forEach(Runnable::run);
    replication.close();
  }
}
