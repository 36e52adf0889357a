package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.NotificationPlan;
import dev.longhaul.job.NotificationPlan.Target;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.FlowQueue;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.NotificationContract;
import dev.longhaul.queue.NotificationQueue;
import dev.longhaul.queue.QueueAdmin;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Notifications on a real Redis, with tests specific to Redis. */
class RedisNotificationContractTest extends NotificationContract {
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
  protected FlowQueue flows() {
    return redis.flows(1_000_000);
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
  protected NotificationQueue notifications() {
    return redis.notifications();
  }

  @Override
  protected void expireLeases() {
    redis.makeOld(":l");
  }

  @Override
  protected void heldForTooLong() {
    redis.makeOld(":h");
  }

  @Test
  void theLogLivesAsLongAsTheStatusAndLongerAfterAnAttempt() {
    JobId id = submitted();
    succeed(started(1).getFirst());
    String key = redis.anywhere().keys("*:nd:" + id).getFirst();
    long status = redis.anywhere().pttl(key.replace(":nd:", ":j:"));
    assertThat(redis.anywhere().pttl(key)).isBetween(status - 60_000, status + 60_000);

    redis.anywhere().pexpire(key, 5_000);
    notifications().record(id, notifications().log(id).getFirst());
    assertThat(redis.anywhere().pttl(key)).isGreaterThan(status - 60_000);
  }

  @Test
  void fullMemoryDoesNotKeepAnEndFromBeingTold() {
    JobId id = submitted();
    redis.commands().set(redis.tag() + ":full", "1");
    succeed(started(1).getFirst());
    assertThat(notifications().log(id)).hasSize(1);
    assertThat(claim(1)).hasSize(1);
    redis.commands().del(redis.tag() + ":full");
  }

  private JobId submitted() {
    return jobs()
        .enqueue(
            List.of(
                request("work")
                    .notifying(
                        new NotificationPlan(
                            "deliver",
                            QUEUE,
                            Priority.DEFAULT,
                            Duration.ofSeconds(1),
                            RetryPolicy.once(),
                            Duration.ofHours(1),
                            1,
                            List.of(new Target("log", null))))))
        .getFirst();
  }
}
