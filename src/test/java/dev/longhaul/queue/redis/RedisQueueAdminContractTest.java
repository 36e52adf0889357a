package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.QueueAdminContract;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Queue states and dead letters on a real Redis. */
class RedisQueueAdminContractTest extends QueueAdminContract {
  private final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  @BeforeEach
  void open() {
    redis.open();
  }

  @AfterEach
  void everyKeyThatShouldHaveATimeToLiveHasOne() {
    try {
      redis.commands().del(redis.tag() + ":r:nobody");
      assertThat(redis.keysThatWouldStayForever()).isEmpty();
    } finally {
      redis.close();
    }
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
  protected QueueAdmin admin() {
    return redis.admin();
  }

  @Override
  protected void leaveSomethingBehind() {
    redis.commands().hset(redis.tag() + ":r:nobody", "k", "a");
  }
}
