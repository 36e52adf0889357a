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
 * Writes that count only once enough replicas have them: {@code WAIT} behind each, on the
 * connection that wrote. That connection must not reconnect: on another master, which never had the
 * write, WAIT would say that all is well.
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
   * Writes, and fails with {@link QueueUnavailableException} unless enough replicas have it in
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

  /** Writes and waits, but only warns where replicas are missing: the write must get through. */
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
          // What is repeated finds everything done and writes nothing; then WAIT would not wait for
          // the first time's write, which another connection made. It does for this one, and
          // replicas take writes in order.
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

  /** Opened in the caller's thread when it is not open. */
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
    // Without the lock: this is one of Netty's threads, for which the one that opens may wait.
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
