package dev.longhaul.queue.redis;

import dev.longhaul.testing.TestRedis;

/** The contract with three shards on one Redis. */
class ShardedQueueContractTest extends RedisQueueContractTest {
  @Override
  RedisQueueFixture fixture() {
    return new RedisQueueFixture(TestRedis.namespace(), TestRedis.url(), 3);
  }
}
