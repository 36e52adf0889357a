package dev.longhaul.queue.redis;

import dev.longhaul.testing.RedisCluster;
import dev.longhaul.testing.RedisServer;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.springframework.data.redis.connection.RedisClusterConfiguration;

/** The contract on a Redis Cluster with three shards, with the ACL user of docs/operations.md. */
@Tag("topology")
class SecuredClusterContractTest extends RedisQueueContractTest {
  @Override
  RedisQueueFixture fixture() {
    RedisServer.installed();
    var user = new RedisClusterConfiguration(Shared.CLUSTER.nodes());
    user.setUsername(DocumentedUser.NAME);
    user.setPassword(DocumentedUser.PASSWORD);
    return new RedisQueueFixture(
            TestRedis.namespace(), user, 3, Duration.ofSeconds(15), Duration.ofSeconds(30), _ -> {})
        .watchedAs(new RedisClusterConfiguration(Shared.CLUSTER.nodes()));
  }

  /** The cluster. Its servers end with the JVM. */
  private static final class Shared {
    static final RedisCluster CLUSTER =
        RedisCluster.start(RedisServer.installed(), 3, DocumentedUser.lineOnCluster());
  }
}
