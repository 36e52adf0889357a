package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.QueueAdminContract;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queue states and dead letters on a real Redis. */
class RedisQueueAdminContractTest extends QueueAdminContract {
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

  @AfterEach
  void forgetWhatWasLeft() {
    redis.commands().del(redis.tag() + ":r:nobody");
  }

  // Specific to Redis: keys that belong to no job.
  @Test
  void whatStayedBehindIsFound() {
    redis.commands().hset(redis.tag() + ":r:nobody", "k", "a");
    assertThat(admin().leftovers(10)).hasSize(1);
  }
}
