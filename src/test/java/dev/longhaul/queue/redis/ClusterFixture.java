package dev.longhaul.queue.redis;

import dev.longhaul.testing.RedisCluster;
import dev.longhaul.testing.RedisServer;
import java.time.Duration;
import org.springframework.data.redis.connection.RedisClusterConfiguration;

/** The adapter on a Redis Cluster of three masters, shared by the tests of a JVM. */
final class ClusterFixture {
  private ClusterFixture() {}

  static RedisQueueFixture open(String namespace, int shards) {
    RedisServer.installed(); // skips the test here, not in a static initializer
    return on(Shared.CLUSTER, namespace, shards, Duration.ofSeconds(30));
  }

  static RedisQueueFixture on(
      RedisCluster cluster, String namespace, int shards, Duration timeout) {
    return new RedisQueueFixture(
        namespace,
        new RedisClusterConfiguration(cluster.nodes()),
        shards,
        Duration.ofSeconds(15),
        timeout,
        _ -> {});
  }

  /** The cluster. Its servers end with the JVM. */
  private static final class Shared {
    static final RedisCluster CLUSTER = RedisCluster.start(RedisServer.installed(), 3);
  }
}
