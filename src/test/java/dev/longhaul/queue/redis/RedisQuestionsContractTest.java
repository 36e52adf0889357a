package dev.longhaul.queue.redis;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QuestionsContract;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Questions of jobs on a real Redis. */
class RedisQuestionsContractTest extends QuestionsContract {
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
  protected WorkQueue work() {
    return redis.work();
  }

  @Override
  protected void expireLeases() {
    redis.makeOld(":l");
  }
}
