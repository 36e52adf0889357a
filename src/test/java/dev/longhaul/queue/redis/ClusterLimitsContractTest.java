package dev.longhaul.queue.redis;

import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.Tag;

/** Limits on a real Redis Cluster of three masters, with one shard. */
@Tag("topology")
class ClusterLimitsContractTest extends RedisLimitsContractTest {
  @Override
  RedisQueueFixture fixture() {
    return ClusterFixture.open(TestRedis.namespace(), 1);
  }
}
