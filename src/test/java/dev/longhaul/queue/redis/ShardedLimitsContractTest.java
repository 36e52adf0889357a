package dev.longhaul.queue.redis;

import dev.longhaul.testing.TestRedis;

/** Limits with three shards on one Redis. */
class ShardedLimitsContractTest extends RedisLimitsContractTest {
  @Override
  RedisQueueFixture fixture() {
    return new RedisQueueFixture(TestRedis.namespace(), TestRedis.url(), 3);
  }
}
