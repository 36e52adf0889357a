package dev.longhaul.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Opens connections with Spring Boot's Lettuce client, for a single Redis, Sentinel or Cluster. */
public final class RedisClients {
  private final LettuceConnectionFactory factory;

  private final Disconnects disconnects;
  // A factory that was restarted has another client.
  private @Nullable RedisClusterClient heard;

  RedisClients(LettuceConnectionFactory factory, Disconnects disconnects) {
    this.factory = factory;
    this.disconnects = disconnects;
  }

  boolean isCluster() {
    return factory.isClusterAware();
  }

  StatefulConnection<String, String> connect() {
    return connect(Utf8Codec.INSTANCE);
  }

  /** A connection for binary values. */
  StatefulConnection<String, byte[]> connectBulk() {
    return connect(RedisCodec.of(Utf8Codec.INSTANCE, ByteArrayCodec.INSTANCE));
  }

  private <V> StatefulConnection<String, V> connect(RedisCodec<String, V> codec) {
    return switch (client()) {
      case RedisClusterClient cluster -> heard(cluster).connect(codec);
      case RedisClient redis -> heard(redis.connect(codec));
      default -> throw unknown();
    };
  }

  StatefulRedisPubSubConnection<String, String> connectPubSub() {
    return switch (client()) {
      case RedisClusterClient cluster -> heard(cluster).connectPubSub(Utf8Codec.INSTANCE);
      case RedisClient redis -> heard(redis.connectPubSub(Utf8Codec.INSTANCE));
      default -> throw unknown();
    };
  }

  // The client opens the connections to the nodes when they are needed.
  private synchronized RedisClusterClient heard(RedisClusterClient cluster) {
    if (!cluster.equals(heard)) {
      cluster.addListener(disconnects);
      heard = cluster;
    }
    return cluster;
  }

  private <C extends StatefulConnection<String, ?>> C heard(C connection) {
    connection.addListener(disconnects);
    if (!connection.isOpen() && connection instanceof RedisChannelHandler<?, ?> handler) {
      disconnects.onRedisDisconnected(handler); // it was lost before the listener was added
    }
    return connection;
  }

  /** The commands of both kinds of connection. */
  public static <V> RedisClusterAsyncCommands<String, V> commands(
      StatefulConnection<String, V> connection) {
    return switch (connection) {
      case StatefulRedisClusterConnection<String, V> cluster -> cluster.async();
      case StatefulRedisConnection<String, V> redis -> redis.async();
      default -> throw unknown();
    };
  }

  /** The commands of the connection, or in a cluster of its connection to one node. */
  static CompletableFuture<RedisClusterAsyncCommands<String, String>> onNode(
      StatefulConnection<String, String> connection, @Nullable String nodeId) {
    if (nodeId != null
        && connection instanceof StatefulRedisClusterConnection<String, String> cluster) {
      return cluster.getConnectionAsync(nodeId).thenApply(StatefulRedisConnection::async);
    }
    return CompletableFuture.completedFuture(commands(connection));
  }

  /**
   * Connects to the node that has a key's slot, or to the single Redis.
   *
   * @throws RedisUnavailableException when there is no such node, or it does not respond
   */
  NodeConnection openToNode(String key) {
    try {
      NodeConnection opened =
          switch (client()) {
            case RedisClusterClient cluster -> openToNode(cluster, node(cluster, key));
            case RedisClient redis -> {
              var connection = redis.connect(Utf8Codec.INSTANCE);
              yield new NodeConnection(connection, connection, null);
            }
            default -> throw unknown();
          };
      closeWhenBroken(opened);
      return opened;
    } catch (RedisException | IllegalStateException e) {
      throw RedisUnavailableException.of(e);
    }
  }

  private static NodeConnection openToNode(RedisClusterClient cluster, RedisClusterNode node) {
    var whole = cluster.connect(Utf8Codec.INSTANCE);
    try {
      return new NodeConnection(whole.getConnection(node.getNodeId()), whole, node.getNodeId());
    } catch (RedisException e) {
      var _ = whole.closeAsync();
      var _ = cluster.refreshPartitionsAsync(); // its slots may have moved
      throw e;
    }
  }

  /** Whether the connection to the cluster node with a key's slot is lost. */
  boolean isLost(String key) {
    if (!(client() instanceof RedisClusterClient cluster)) {
      return false;
    }
    RedisClusterNode node = cluster.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
    return node == null || disconnects.isLost(node.getUri().getHost(), node.getUri().getPort());
  }

  private static RedisClusterNode node(RedisClusterClient cluster, String key) {
    int slot = SlotHash.getSlot(key);
    RedisClusterNode node = cluster.getPartitions().getMasterBySlot(slot);
    if (node == null) {
      cluster.refreshPartitions();
      node = cluster.getPartitions().getMasterBySlot(slot);
    }
    if (node == null) {
      throw new RedisException("No node of the cluster has the slot " + slot + " of " + key);
    }
    return node;
  }

  // Lettuce would reconnect and resend pending commands, although Redis may still execute the first
  // ones. The event comes before it does so.
  private static void closeWhenBroken(NodeConnection opened) {
    opened
        .connection()
        .addListener(
            new RedisConnectionStateListener() {
              @Override
              public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                opened.close();
              }
            });
  }

  private AbstractRedisClient client() {
    return factory.getRequiredNativeClient();
  }

  private static IllegalStateException unknown() {
    return new IllegalStateException("Lettuce has another kind of client or connection now");
  }
}
