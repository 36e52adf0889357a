package dev.longhaul.queue.redis;

import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.redis.NodeConnection;
import dev.longhaul.redis.Scripts;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes that have to be confirmed by replicas: each is followed by {@code WAIT} on the same
 * connection. That connection must not reconnect, because on another master, which never had the
 * write, WAIT would succeed.
 */
final class Replication implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Replication.class);
  private static final Duration MARK_TTL = Duration.ofHours(1);

  private final QueueConnections connections;
  private final RedisKeys keys;
  private final int replicas;
  private final Duration limit;
  private final Object opening = new Object();
  private final Map<Integer, NodeConnection> open = new ConcurrentHashMap<>();

  Replication(QueueConnections connections, RedisKeys keys, RedisQueueProperties.Redis settings) {
    this.connections = connections;
    this.keys = keys;
    this.replicas = settings.ackReplicas();
    this.limit = settings.ackTimeout();
  }

  boolean isOn() {
    return replicas > 0;
  }

  /**
   * Writes, and fails with {@link QueueUnavailableException} unless enough replicas confirm in
   * time. It may have been written nevertheless.
   */
  <T> CompletableFuture<T> write(
      int shard, Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return send(connection(shard), shard, script)
        .thenCompose(done ->
            done.acknowledged() >= replicas
                ? CompletableFuture.completedFuture(done.answer())
                : CompletableFuture.failedFuture(tooFew(done.acknowledged())));
  }

  /** Writes and waits, but only logs a warning if replicas do not confirm. */
  <T> CompletableFuture<T> writeAnyway(
      NodeConnection node,
      int shard,
      Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    return send(node, shard, script)
        .thenApply(done -> {
          if (done.acknowledged() < replicas) {
            log.warn(
                "{} of the {} replicas of longhaul.redis.ack-replicas have the outcomes that were"
                    + " stored just now; a failover would run these jobs again",
                done.acknowledged(),
                replicas);
          }
          return done.answer();
        });
  }

  private <T> CompletableFuture<Done<T>> send(
      NodeConnection node,
      int shard,
      Function<RedisClusterAsyncCommands<String, String>, CompletableFuture<T>> script) {
    var redis = node.async();
    return script
        .apply(redis)
        .thenCompose(answer -> {
          // A repeated command may write nothing, and WAIT would not cover the first write, which
          // was made on another connection. This write is covered, and replicas apply writes in
          // order.
          var _ = redis.set(keys.acknowledged(shard), "1", SetArgs.Builder.px(MARK_TTL));
          return redis
              .waitForReplication(replicas, limit.toMillis())
              .thenApply(count -> new Done<>(answer, count));
        })
        .whenComplete((_, failure) -> {
          if (failure != null && !Scripts.isNoScript(failure)) {
            drop(shard, node);
          }
        });
  }

  /** The connection, which is opened in the caller's thread if needed. */
  NodeConnection connection(int shard) {
    int key = connections.isCluster() ? shard : 0;
    NodeConnection known = open.get(key);
    if (known != null && known.isOpen()) {
      return known;
    }
    synchronized (opening) {
      known = open.get(key);
      if (known != null && known.isOpen()) {
        return known;
      }
      NodeConnection opened = connections.openToNode(shard);
      open.put(key, opened);
      return opened;
    }
  }

  private void drop(int shard, NodeConnection broken) {
    int key = connections.isCluster() ? shard : 0;
    // Without the lock, because this is a Netty thread, for which the opening thread may wait.
    open.remove(key, broken);
    broken.close();
  }

  private QueueUnavailableException tooFew(long acknowledged) {
    String said =
        "Only "
            + acknowledged
            + " of "
            + replicas
            + " replicas (longhaul.redis.ack-replicas) confirmed within "
            + limit
            + " (longhaul.redis.ack-timeout) that they have it. It may be stored all the same: try"
            + " again with the same idempotency key, or look for it first.";
    return new QueueUnavailableException(said, new IllegalStateException(said));
  }

  @Override
  public void close() {
    open.values().forEach(NodeConnection::close);
    open.clear();
  }

  private record Done<T>(T answer, long acknowledged) {}
}
