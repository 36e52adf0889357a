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
import dev.longhaul.job.JobId;
import dev.longhaul.job.JobState;
import dev.longhaul.job.Outcome;
import dev.longhaul.job.Partial;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.JobQueue.CancelAnswer;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.queue.WorkQueue.StepAnswer;
import dev.longhaul.testing.Tools;
import dev.longhaul.tool.JobContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cancellation is final at once; the tool is interrupted and may leave a partial result. */
class CancelTest {
  private static final Outcome WITH_PARTIAL = new Outcome.Cancelled(new Partial("[\"a\"]", 1L, 3L));

  private final WorkerFixture fixture = new WorkerFixture();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aRunningJobIsInterruptedAndItsPartialAttached() {
    Worker worker = fixture.start(blocking());
    JobId id = fixture.enqueue("slow", ONCE);
    waitFor(inside);

    assertThat(fixture.jobs.cancel(id)).isEqualTo(CancelAnswer.CANCELLED);
    assertThat(fixture.job(id).state()).isEqualTo(JobState.CANCELLED);
    waitFor(interrupted);
    await().atMost(LIMIT).until(() -> fixture.outcome(id).equals(WITH_PARTIAL));
    await().atMost(LIMIT).until(() -> worker.runningJobs() == 0);
  }

  @Test
  void theNextRenewalNoticesACancelWhoseMessageWasLost() {
    fixture.start(withoutMessages(fixture.redis.work()), blocking(), settings(2, LIMIT));
    JobId id = fixture.enqueue("slow", REPEATABLE);
    waitFor(inside);
    // A repeatable tool runs before its start is recorded. If the job is cancelled before that, it
    // was never started by this worker, and the partial result is not attached.
    fixture.waitFor(id, JobState.RUNNING);

    fixture.jobs.cancel(id);
    waitFor(interrupted);
    await().atMost(LIMIT).until(() -> fixture.outcome(id).equals(WITH_PARTIAL));
  }

  @Test
  void whatAToolReturnsAfterTheCancelIsDropped() {
    var release = new CountDownLatch(1);
    Worker worker =
        fixture.start(
            tools(
                "deaf",
                _ -> {
                  inside.countDown();
                  FailingToolsTest.awaitUninterruptibly(release);
                  return Tools.text("too late");
                }));
    JobId id = fixture.enqueue("deaf", ONCE);
    waitFor(inside);
    fixture.jobs.cancel(id);

    release.countDown();
    await().atMost(LIMIT).until(() -> worker.runningJobs() == 0);
    assertThat(fixture.outcome(id)).isEqualTo(new Outcome.Cancelled(null));
  }

  @Test
  void aCancelledToolIsNotRetriedHoweverItLeaves() {
    var runs = new AtomicInteger();
    Worker worker =
        fixture.start(
            tools(
                "slow",
                _ -> {
                  runs.incrementAndGet();
                  inside.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException("the file broke", e);
                  }
                  return Tools.text("");
                }));
    JobId id = fixture.enqueue("slow", REPEATABLE);
    waitFor(inside);
    fixture.jobs.cancel(id);

    await().atMost(LIMIT).until(() -> worker.runningJobs() == 0);
    assertThat(fixture.job(id).state()).isEqualTo(JobState.CANCELLED);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aJobThatIsCancelledBeforeItsClaimHasArrivedDoesNotRun() {
    Worker worker =
        fixture.start(cancelledOnTheWay(fixture.redis.work()), blocking(), settings(2, LIMIT));
    JobId id = fixture.enqueue("slow", REPEATABLE);

    fixture.waitFor(id, JobState.CANCELLED);
    await().atMost(LIMIT).until(() -> fixture.jobs.depths().running() == 0);
    await().atMost(LIMIT).until(() -> worker.runningJobs() == 0);
    assertThat(inside.getCount()).isOne();
  }

  /** A queue whose claims are cancelled, and the message has come, before their answer arrives. */
  private WorkQueue cancelledOnTheWay(WorkQueue queue) {
    var cancels = new AtomicReference<Consumer<JobId>>(_ -> {});
    return (WorkQueue)
        Proxy.newProxyInstance(
            CancelTest.class.getClassLoader(),
            new Class<?>[] {WorkQueue.class},
            (_, method, arguments) -> {
              if (method.getName().equals("onCancel")) {
                cancels.set(onCancel(arguments));
                Watch deaf = () -> {};
                return deaf;
              }
              try {
                Object answer = method.invoke(queue, arguments);
                return switch (answer) {
                  case WorkQueue.Waiter waiter -> cancelling(waiter, cancels);
                  case CompletableFuture<?> step when method.getName().equals("step") ->
                      step.thenApplyAsync(claims -> cancelled((StepAnswer) claims, cancels));
                  case null, default -> answer;
                };
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  @SuppressWarnings("unchecked")
  private static Consumer<JobId> onCancel(Object[] arguments) {
    return (Consumer<JobId>) arguments[0];
  }

  private WorkQueue.Waiter cancelling(
      WorkQueue.Waiter waiter, AtomicReference<Consumer<JobId>> cancels) {
    return new WorkQueue.Waiter() {
      @Override
      public CompletableFuture<StepAnswer> claimWhenReady(
          List<String> queues, int claims, Duration wait) {
        return waiter
            .claimWhenReady(queues, claims, wait)
            .thenApplyAsync(answer -> cancelled(answer, cancels));
      }

      @Override
      public void stop() {
        waiter.stop();
      }

      @Override
      public void close() {
        waiter.close();
      }
    };
  }

  private StepAnswer cancelled(StepAnswer answer, AtomicReference<Consumer<JobId>> cancels) {
    for (Claim claim : answer.claims()) {
      fixture.jobs.cancel(claim.id());
      cancels.get().accept(claim.id());
    }
    return answer;
  }

  private RegisteredTools blocking() {
    return tools(
        "slow",
        _ -> {
          JobContext.current().partial(List.of("a"), 1, 3L);
          inside.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            JobContext.current().checkpoint("waiting");
          }
          return Tools.text("");
        });
  }

  /** A queue whose pub/sub messages never arrive. */
  private static WorkQueue withoutMessages(WorkQueue queue) {
    Watch deaf = () -> {};
    return (WorkQueue)
        Proxy.newProxyInstance(
            CancelTest.class.getClassLoader(),
            new Class<?>[] {WorkQueue.class},
            (_, method, arguments) -> {
              if (method.getName().equals("onCancel")) {
                return deaf;
              }
              try {
                return method.invoke(queue, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }
}
