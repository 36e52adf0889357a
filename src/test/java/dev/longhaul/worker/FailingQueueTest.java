package dev.longhaul.worker;

import static dev.longhaul.worker.WorkerFixture.LIMIT;
import static dev.longhaul.worker.WorkerFixture.REPEATABLE;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobState;
import dev.longhaul.queue.WorkQueue;
import dev.longhaul.testing.TestRedis;
import dev.longhaul.testing.Tools;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each loop of a worker continues after any failure: claims, renewals, reaps, cancellations. */
@Timeout(180)
class FailingQueueTest {
  private static final List<Supplier<Throwable>> FAILURES =
      List.of(
          () -> new CancellationException("closed"),
          () -> new IllegalStateException("stopped"),
          () -> new StackOverflowError("deep"));
  private static final Set<String> LOOPS = Set.of("step", "renew", "reap", "onCancel", "onAnswer");

  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

  @Test
  void everyLoopGoesOnAfterEveryKindOfFailure() {
    // Short, so that it is renewed often.
    try (var fixture =
        new WorkerFixture(TestRedis.namespace(), TestRedis.url(), Duration.ofSeconds(3))) {
      var go = new CountDownLatch(1);
      fixture.start(
          failing(fixture.redis.work()),
          WorkerFixture.tools(
              "held",
              _ -> {
                WorkerFixture.waitFor(go);
                return Tools.text("");
              }),
          WorkerFixture.settings(1, LIMIT));
      var job = fixture.enqueue("held", REPEATABLE);
      // One more call than failures shows that each loop has continued after all of them.
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() ->
              LOOPS.stream()
                  .allMatch(name ->
                      calls.getOrDefault(name, new AtomicInteger()).get() > FAILURES.size()));
      go.countDown();
      fixture.waitFor(job, JobState.COMPLETED);
    }
  }

  private WorkQueue failing(WorkQueue real) {
    return (WorkQueue)
        Proxy.newProxyInstance(
            WorkQueue.class.getClassLoader(),
            new Class<?>[] {WorkQueue.class},
            (proxy, method, arguments) -> {
              if (LOOPS.contains(method.getName())) {
                int now =
                    calls
                        .computeIfAbsent(method.getName(), _ -> new AtomicInteger())
                        .getAndIncrement();
                if (now < FAILURES.size()) {
                  throw FAILURES.get(now).get();
                }
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
