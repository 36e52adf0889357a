package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.ToolHandler;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A worker during and after an outage of Redis. */
class OutageTest {
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch entered = new CountDownLatch(2);
  private final CountDownLatch go = new CountDownLatch(1);

  private final ToolHandler quick =
      call -> {
        calls.incrementAndGet();
        return Tools.JSON.createObjectNode();
      };
  private final ToolHandler held =
      call -> {
        calls.incrementAndGet();
        entered.countDown();
        WorkerFixture.waitFor(go);
        return Tools.JSON.createObjectNode();
      };

  @Test
  void anIdleWorkerGoesOnWhenItsRedisWasKilledAndRestarted() {
    try (var redis = TestRedis.start();
        var fixture = new WorkerFixture(redis.url())) {
      fixture.start(WorkerFixture.tools("quick", quick));
      fixture.waitFor(fixture.enqueue("quick", ONCE), JobState.COMPLETED);
      waitUntilIdle(fixture);

      redis.kill();
      redis.restart();

      waitUntilIdle(fixture);
      fixture.waitFor(fixture.enqueue("quick", ONCE), JobState.COMPLETED);
      fixture.waitFor(fixture.enqueue("quick", REPEATABLE), JobState.COMPLETED);
      assertThat(calls).hasValue(3);
    }
  }

  @Test
  void runningJobsFinishOnceWhenTheirRedisWasKilledAndRestarted() {
    try (var redis = TestRedis.start();
        var fixture = new WorkerFixture(redis.url())) {
      fixture.start(WorkerFixture.tools("held", held));
      JobId once = fixture.enqueue("held", ONCE);
      JobId repeatable = fixture.enqueue("held", REPEATABLE);
      WorkerFixture.waitFor(entered);
      fixture.waitFor(repeatable, JobState.RUNNING);

      redis.kill();
      go.countDown(); // they end during the outage
      redis.restart();

      fixture.waitFor(once, JobState.COMPLETED);
      fixture.waitFor(repeatable, JobState.COMPLETED);
      fixture.waitFor(fixture.enqueue("held", ONCE), JobState.COMPLETED);
      assertThat(calls).hasValue(3);
    }
  }

  @Test
  void aWorkerThatStartsBeforeItsRedisWorksOnceItIsThere() {
    try (var redis = TestRedis.start();
        var fixture = new WorkerFixture(redis.url())) {
      redis.kill();
      fixture.start(WorkerFixture.tools("quick", quick));
      redis.restart();

      fixture.waitFor(fixture.enqueue("quick", ONCE), JobState.COMPLETED);
    }
  }

  @Test
  void aStopEndsTheWaitAlsoOnAConnectionThatWasMadeAnew() throws Exception {
    try (var redis = TestRedis.start();
        var fixture = new WorkerFixture(redis.url())) {
      WorkQueue queue = fixture.redis.work();
      WorkQueue.Waiter waiter = queue.newWaiter();
      var broken = waiter.claimWhenReady(queues(), 1, Duration.ofSeconds(30));
      waitUntilIdle(fixture);
      redis.kill();
      redis.restart();
      assertThat(broken).failsWithin(LIMIT);

      // The first call on a new connection does not wait, because a wake token may have been lost.
      var looking = waiter.claimWhenReady(queues(), 1, Duration.ofMinutes(1));
      assertThat(looking.get(30, TimeUnit.SECONDS).claims()).isEmpty();
      var waiting = waiter.claimWhenReady(queues(), 1, Duration.ofSeconds(30));
      waitUntilIdle(fixture);
      waiter.stop();

      assertThat(waiting.get(20, TimeUnit.SECONDS).claims()).isEmpty();
    }
  }

  @Test
  void aWaitThatCannotBeginHoldsNoSlots() {
    try (var fixture = new WorkerFixture()) {
      AtomicInteger refused = new AtomicInteger();
      CountDownLatch twice = new CountDownLatch(2);
      WorkQueue real = fixture.redis.work();
      WorkQueue flaky =
          (WorkQueue)
              Proxy.newProxyInstance(
                  WorkQueue.class.getClassLoader(),
                  new Class<?>[] {WorkQueue.class},
                  (proxy, method, arguments) -> {
                    Object answer = method.invoke(real, arguments);
                    return answer instanceof WorkQueue.Waiter waiter
                        ? refusing(waiter, refused, twice)
                        : answer;
                  });
      fixture.start(flaky, WorkerFixture.tools("quick", quick), WorkerFixture.settings(1, LIMIT));
      WorkerFixture.waitFor(twice);

      fixture.waitFor(fixture.enqueue("quick", ONCE), JobState.COMPLETED);
    }
  }

  // A waiter whose first two calls fail.
  private static WorkQueue.Waiter refusing(
      WorkQueue.Waiter real, AtomicInteger refused, CountDownLatch twice) {
    return new WorkQueue.Waiter() {
      @Override
      public CompletableFuture<WorkQueue.StepAnswer> claimWhenReady(
          List<String> queues, int claims, Duration wait) {
        if (refused.incrementAndGet() <= 2) {
          twice.countDown();
          throw new QueueUnavailableException("no connection", new IllegalStateException());
        }
        return real.claimWhenReady(queues, claims, wait);
      }

      @Override
      public void stop() {
        real.stop();
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }

  private static List<String> queues() {
    return List.of("default");
  }

  // Waits until Redis reports a blocked client.
  private static void waitUntilIdle(WorkerFixture fixture) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> fixture.redis.commands().clientList().contains("cmd=blpop"));
  }
}
