package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.job.Outcome;
import dev.longhaul.queue.Completion;
import dev.longhaul.queue.JobQueue;
import dev.longhaul.queue.QueueContract;
import dev.longhaul.queue.QueueFullException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract on a real Redis, with tests specific to Redis. */
class RedisQueueContractTest extends QueueContract {
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
  protected WorkQueue otherWork() {
    return redis.otherWork();
  }

  @Override
  protected JobQueue smallJobs() {
    return redis.jobs(2);
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
  protected void deadlinesPass() {
    redis.makeOld(":dz");
  }

  @Override
  protected int shards() {
    return redis.shards();
  }

  @Override
  protected void pause(boolean paused) {
    if (paused) {
      redis.pause("default");
    } else {
      redis.resume("default");
    }
  }

  @Test
  void whoeverLooksForTheFirstTimeTakesNoLeaseBack() {
    var id = jobs().enqueue(List.of(request())).getFirst();
    var claim = work().step(List.of(), List.of("default"), 1).join().claims().getFirst();
    work().start(List.of(claim)).join();
    redis.keys(":l").forEach(key -> redis.anywhere().zadd(key, 1, id.value())); // not renewed

    assertThat(work().reap(10).requeued()).isEmpty();
    assertThat(work().reap(10).requeued()).isEmpty();
    assertThat(work().renew(Map.of(id, claim.token())).lost()).isEmpty();
  }

  @Test
  void scriptsAreSentAgainWhenRedisHasForgottenThem() throws Exception {
    redis.anywhere().scriptFlush();
    var id = jobs().enqueue(List.of(request())).getFirst();
    redis.anywhere().scriptFlush();
    var waiting = work().newWaiter().claimWhenReady(List.of("default"), 1, Duration.ofSeconds(5));
    assertThat(waiting.get(60, TimeUnit.SECONDS).claims()).hasSize(1);
    assertThat(jobs().find(id)).isPresent();
  }

  @Test
  void afterAnOutageAllLeasesGetMoreTimeInsteadOfExpiringAtOnce() {
    jobs().enqueue(List.of(request()));
    var claim = work().step(List.of(), List.of("default"), 1).join().claims().getFirst();
    work().start(List.of(claim)).join();
    work().reap(10);
    redis.lastReapedLongAgo();
    expireLeases();

    assertThat(work().reap(10).requeued()).isEmpty();
    assertThat(work().reap(10).requeued()).isEmpty();
  }

  @Test
  void aFullRedisStillTakesTheLargeResultOfAJob() {
    String before =
        Objects.requireNonNull(redis.anywhere().configGet("maxmemory").get("maxmemory"));
    var id = jobs().enqueue(List.of(request())).getFirst();
    var claim = work().step(List.of(), List.of("default"), 1).join().claims().getFirst();
    work().start(List.of(claim)).join();
    Outcome outcome = new Outcome.Answered("\"" + "x".repeat(200_000) + "\"", false);
    try {
      redis.configSet("maxmemory", "1000");
      var done = new Completion.Finished(id, claim.token(), outcome);
      assertThat(work().step(List.of(done), List.of("default"), 0).join().accepted())
          .containsExactly(true);
    } finally {
      redis.configSet("maxmemory", before);
    }
    assertThat(jobs().outcome(id)).contains(outcome);
  }

  @Test
  void nearlyExhaustedMemoryRefusesNewJobsAndNothingElse() {
    String before =
        Objects.requireNonNull(redis.anywhere().configGet("maxmemory").get("maxmemory"));
    jobs().enqueue(List.of(request()));
    try {
      // More than the test needs, but the used memory exceeds the configured share of it.
      redis.configSet("maxmemory", "100000000");
      redis.work(0.0001).reap(10);
      assertThatThrownBy(() -> jobs().enqueue(List.of(request())))
          .isInstanceOf(QueueFullException.class)
          .hasMessageContaining("memory");
      assertThat(work().step(List.of(), List.of("default"), 1).join().claims()).hasSize(1);

      work().reap(10);
      assertThat(jobs().enqueue(List.of(request()))).hasSize(1);
    } finally {
      redis.configSet("maxmemory", before);
    }
  }
}
