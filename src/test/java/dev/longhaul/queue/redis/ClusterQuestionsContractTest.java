package dev.longhaul.queue.redis;

import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.Tag;

/** Questions of jobs on a real Redis Cluster of three masters, with three shards. */
@Tag("topology")
class ClusterQuestionsContractTest extends RedisQuestionsContractTest {
  @Override
  RedisQueueFixture fixture() {
    return ClusterFixture.open(TestRedis.namespace(), 3);
  }
}
