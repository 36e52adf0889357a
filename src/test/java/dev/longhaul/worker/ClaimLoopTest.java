package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.catalog.RegisteredTools;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.Tools;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker asks of the queue, and when. */
@Timeout(120)
class ClaimLoopTest {
  private final WorkerFixture fixture = new WorkerFixture();
  private final Semaphore gate = new Semaphore(0);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final List<Step> steps = new CopyOnWriteArrayList<>();
  private final List<Integer> waits = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> answers = new CompletableFuture<>();

  /** A step as it was sent. */
  private record Step(int completions, int claims) {}

  @AfterEach
  void close() {
    gate.release(1_000);
    answers.complete(null);
    fixture.close();
  }

  @Test
  void anIdleWorkerReservesHalfOfItsSlots() {
    start(10, false);

    await().atMost(LIMIT).until(() -> !waits.isEmpty());
    assertThat(waits).first().isEqualTo(5);
  }

  @Test
  void theOnlySlotIsReservedSoThatJobsAreClaimedAtAll() {
    start(1, false);

    await().atMost(LIMIT).until(() -> !waits.isEmpty());
    assertThat(waits).first().isEqualTo(1);
  }

  @Test
  void aCompletionClaimsNothingWhileNothingWaits() {
    start(10, false);
    await().atMost(LIMIT).until(() -> !waits.isEmpty());
    gate.release();

    JobId job = fixture.enqueue("held", REPEATABLE);

    fixture.waitForTheEnd(List.of(job));
    assertThat(steps.stream().filter(step -> step.completions() > 0))
        .isNotEmpty()
        .allMatch(step -> step.claims() == 0);
  }

  @Test
  void theNextStepIsSentWhileOneIsUnderWayAndNoSlotIsUsedTwice() {
    List<JobId> jobs = IntStream.range(0, 20).mapToObj(this::enqueue).toList();
    start(4, true);
    await().atMost(LIMIT).until(() -> running.get() == 4);

    gate.release(1); // its step gets no answer
    await().atMost(LIMIT).until(() -> withCompletions() == 1);
    gate.release(3);
    await().atMost(LIMIT).until(() -> withCompletions() == 2);

    answers.complete(null);
    gate.release(100);
    fixture.waitForTheEnd(jobs);
    assertThat(mostRunning.get()).isEqualTo(4);
  }

  private long withCompletions() {
    return steps.stream().filter(step -> step.completions() > 0).count();
  }

  private JobId enqueue(int number) {
    return fixture.enqueue("held", REPEATABLE, LIMIT, number);
  }

  private void start(int slots, boolean slow) {
    RegisteredTools tools =
        WorkerFixture.tools(
            "held",
            _ -> {
              mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
              gate.acquire();
              running.decrementAndGet();
              return Tools.text("");
            });
    fixture.start(watched(fixture.redis.work(), slow), tools, WorkerFixture.settings(slots, LIMIT));
  }

  private WorkQueue watched(WorkQueue real, boolean slow) {
    return proxy(
        WorkQueue.class,
        (method, arguments, answer) -> {
          if (method.equals("newWaiter")) {
            return proxy(
                WorkQueue.Waiter.class,
                (its, given, result) -> {
                  if (its.equals("claimWhenReady")) {
                    waits.add((Integer) given[1]);
                  }
                  return result;
                },
                answer);
          }
          if (!method.equals("step")) {
            return answer;
          }
          int completions = ((List<?>) arguments[0]).size();
          steps.add(new Step(completions, (Integer) arguments[2]));
          return slow && completions > 0
              ? ((CompletableFuture<?>) answer).thenCombine(answers, (its, _) -> its)
              : answer;
        },
        real);
  }

  /** Sees each call of a proxy with its answer. */
  private interface Seen {
    Object of(String method, Object[] arguments, Object answer);
  }

  private static <T> T proxy(Class<T> type, Seen seen, Object real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                Object answer = method.invoke(real, arguments);
                return answer == null ? null : seen.of(method.getName(), arguments, answer);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            }));
  }
}
