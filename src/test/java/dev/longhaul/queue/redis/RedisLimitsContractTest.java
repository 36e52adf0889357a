package dev.longhaul.queue.redis;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.LimitsContract;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits, breakers, held jobs and idempotency keys on a real Redis. */
class RedisLimitsContractTest extends LimitsContract {
  @RegisterExtension final RedisQueueFixture redis = fixture();

  /** The Redis to test: the shared one, unless a subclass gives another. */
  RedisQueueFixture fixture() {
    return new RedisQueueFixture(TestRedis.namespace());
  }

  @Override
  protected JobQueue jobs() {
    return redis.jobs(1_000_000);
  }

  @Override
  protected JobQueue smallJobs() {
    return redis.jobs(2 * redis.shards()); // the tool's shard has room for two
  }

  @Override
  protected WorkQueue work() {
    return redis.work();
  }

  @Override
  protected WorkQueue otherWork() {
    return redis.otherWork();
  }

  @Override
  protected void expireLeases() {
    redis.makeOld(":l");
  }

  @Override
  protected void makeDue() {
    redis.makeOld(":z");
  }

  @Override
  protected void timePasses() {
    redis.timePasses();
  }

  @Override
  protected void headsHaveWaited() {
    for (int band = 0; band < 4; band++) {
      for (String line : redis.keys(":i:*:q:default:" + band)) {
        String head = redis.anywhere().lindex(line, -1);
        redis.anywhere().hset(redis.tag() + ":j:" + head, "qa", "1000");
      }
    }
  }
}
