package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.ONCE;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static dev.longhaul.worker.WorkerFixture.settings;
import static dev.longhaul.worker.WorkerFixture.tools;
import static dev.longhaul.worker.WorkerFixture.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.JobError;
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The drain of a stopping worker. */
class DrainTest {
  private final WorkerFixture fixture = new WorkerFixture();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    fixture.close();
  }

  @Test
  void aRunningJobMayFinishAndNoOtherIsStarted() throws InterruptedException {
    Worker worker = fixture.start(blocking());
    JobId running = fixture.enqueue("slow", ONCE);
    waitFor(inside);

    Thread stopping = Thread.ofPlatform().start(worker::stop);
    await().atMost(LIMIT).until(() -> !worker.isRunning());
    JobId late = fixture.enqueue("slow", REPEATABLE);
    release.countDown();
    assertThat(stopping.join(LIMIT)).isTrue();

    assertThat(fixture.job(running).state()).isEqualTo(JobState.COMPLETED);
    assertThat(fixture.job(late).state()).isIn(JobState.QUEUED, JobState.SCHEDULED);
    assertThat(fixture.job(late).attempt()).isZero();
    fixture.startOther(tools("slow", _ -> Tools.text("")));
    fixture.waitFor(late, JobState.COMPLETED);
  }

  @Test
  void aRepeatableJobThatDoesNotFinishIsGivenBackAndCostsNoAttempt() {
    Worker worker = fixture.start(fixture.redis.work(), blocking(), settings(1, Duration.ZERO));
    JobId id = fixture.enqueue("slow", REPEATABLE);
    waitFor(inside);

    worker.stop();
    assertThat(fixture.job(id).state()).isIn(JobState.QUEUED, JobState.SCHEDULED);

    fixture.startOther(tools("slow", _ -> Tools.text("attempt " + JobContext.current().attempt())));
    fixture.waitFor(id, JobState.COMPLETED);
    assertThat(fixture.outcome(id))
        .isInstanceOfSatisfying(
            Outcome.Answered.class, answered -> assertThat(answered.json()).contains("attempt 1"));
  }

  @Test
  void theOutcomeOfAJobThatMayNotBeRepeatedIsUnknown() {
    Worker worker = fixture.start(fixture.redis.work(), blocking(), settings(1, Duration.ZERO));
    JobId id = fixture.enqueue("slow", ONCE);
    waitFor(inside);

    worker.stop();
    assertThat(fixture.job(id).state()).isEqualTo(JobState.DEAD);
    assertThat(fixture.outcome(id))
        .isEqualTo(
            new Outcome.GivenUp(JobError.outcomeUnknown(), new Partial("[\"a\"]", null, null)));
  }

  @Test
  void stoppingTwiceOrWithoutWorkIsHarmless() {
    Worker worker = fixture.start(tools("slow", _ -> Tools.text("")));
    worker.stop();
    worker.stop();
    assertThat(worker.isRunning()).isFalse();
  }

  @Test
  void aWaitThatBeganJustAfterTheOrderToStopIsEndedToo() {
    WorkQueue queue = fixture.redis.work();
    var orders = new AtomicInteger();
    var wait = new AtomicReference<@Nullable CompletableFuture<?>>();
    WorkQueue tooEarly =
        (WorkQueue)
            Proxy.newProxyInstance(
                DrainTest.class.getClassLoader(),
                new Class<?>[] {WorkQueue.class},
                (_, method, arguments) -> {
                  Object answer = method.invoke(queue, arguments);
                  return answer instanceof WorkQueue.Waiter waiter
                      ? deafToTheFirstOrder(waiter, orders, wait)
                      : answer;
                });
    Worker worker = fixture.start(tooEarly, blocking(), settings(1, LIMIT));
    await().atMost(LIMIT).until(() -> wait.get() != null);

    worker.stop();
    assertThat(orders).hasValueGreaterThan(1);
    assertThat(wait.get()).isDone();
  }

  private static WorkQueue.Waiter deafToTheFirstOrder(
      WorkQueue.Waiter real,
      AtomicInteger orders,
      AtomicReference<@Nullable CompletableFuture<?>> wait) {
    return new WorkQueue.Waiter() {
      @Override
      public CompletableFuture<WorkQueue.StepAnswer> claimWhenReady(
          List<String> queues, int claims, Duration limit) {
        var answer = real.claimWhenReady(queues, claims, limit);
        wait.set(answer);
        return answer;
      }

      @Override
      public void stop() {
        if (orders.getAndIncrement() > 0) {
          real.stop();
        }
      }

      @Override
      public void close() {
        real.close();
      }
    };
  }

  private RegisteredTools blocking() {
    return tools(
        "slow",
        _ -> {
          JobContext.current().partial(List.of("a"));
          inside.countDown();
          release.await();
          return Tools.text("done");
        });
  }
}
