package dev.longhaul.testing;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of real processes on loopback. All nodes are masters; the slots are divided. */
public final class RedisCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<RedisServer> masters = new ArrayList<>();

  private RedisCluster() {}

  /**
   * Starts it and waits until every node reports the cluster as complete.
   *
   * @param options further lines of each node's redis.conf
   */
  public static RedisCluster start(Path program, int count, String... options) {
    RedisCluster cluster = new RedisCluster();
    try {
      String[] all =
          Stream.concat(
                  Stream.of(
                      "cluster-enabled yes",
                      "cluster-config-file nodes.conf",
                      "cluster-node-timeout 2000",
                      // When a master is down, the slots of the others are still served.
                      "cluster-require-full-coverage no"),
                  Stream.of(options))
              .toArray(String[]::new);
      for (int i = 0; i < count; i++) {
        cluster.masters.add(RedisServer.start(program, all));
      }
      cluster.join();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** The nodes in the order of their slots. */
  public List<RedisServer> masters() {
    return List.copyOf(masters);
  }

  /** {@code host:port} of each node. */
  public List<String> nodes() {
    return masters.stream().map(master -> "127.0.0.1:" + master.port()).toList();
  }

  /** The node that has a key's slot. */
  public RedisServer masterOf(String key) {
    int slot = SlotHash.getSlot(key);
    for (int i = masters.size() - 1; i >= 0; i--) {
      if (slot >= firstSlot(i)) {
        return masters.get(i);
      }
    }
    throw new IllegalStateException("slot " + slot);
  }

  @Override
  public void close() {
    masters.forEach(RedisServer::close);
  }

  private int firstSlot(int master) {
    return master * SlotHash.SLOT_COUNT / masters.size();
  }

  private void join() {
    try (var client = RedisClient.create()) {
      List<StatefulRedisConnection<String, String>> nodes = new ArrayList<>();
      for (int i = 0; i < masters.size(); i++) {
        var node = client.connect(RedisURI.create(masters.get(i).url()));
        nodes.add(node);
        node.sync().clusterSetConfigEpoch(i + 1L);
        node.sync().clusterAddSlots(IntStream.range(firstSlot(i), firstSlot(i + 1)).toArray());
      }
      for (RedisServer master : masters) {
        nodes.getFirst().sync().clusterMeet("127.0.0.1", master.port());
      }
      for (var node : nodes) {
        await()
            .atMost(LIMIT)
            .until(() ->
                node.sync().clusterInfo().contains("cluster_state:ok")
                    && node.sync().clusterInfo().contains("cluster_known_nodes:" + masters.size())
                    && node.sync().clusterInfo().contains("cluster_slots_assigned:16384"));
      }
    }
  }
}
