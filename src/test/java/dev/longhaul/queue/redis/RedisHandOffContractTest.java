package dev.longhaul.queue.redis;

import dev.longhaul.queue.HandOffContract;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handing jobs over on a real Redis. */
class RedisHandOffContractTest extends HandOffContract {
  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  @Override
  protected JobQueue jobs() {
    return redis.jobs(1_000_000);
  }

  @Override
  protected WorkQueue work() {
    return redis.work();
  }

  @Override
  protected QueueAdmin admin() {
    return redis.admin();
  }

  @Override
  protected void expireLeases() {
    redis.makeOld(":l");
  }
}
