package dev.longhaul.queue.redis;

import dev.longhaul.testing.TestRedis;

/** Notifications with three shards on one Redis. */
class ShardedNotificationContractTest extends RedisNotificationContractTest {
  @Override
  RedisQueueFixture fixture() {
    return new RedisQueueFixture(TestRedis.namespace(), TestRedis.url(), 3);
  }
}
