package dev.longhaul.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** A call passed to a platform thread behaves as in the original thread. */
@Timeout(60)
class PlatformCallsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final PlatformCalls calls = new PlatformCalls("test-calls", 1);

  @Test
  void aVirtualThreadsWorkRunsOnAPlatformThreadWithItsContext() throws Exception {
    AtomicReference<String> seen = new AtomicReference<>();

    onVirtual(() -> {
      MDC.put("request_id", "r1");
      calls.run(LONG, () -> seen.set(Thread.currentThread().isVirtual() + MDC.get("request_id")));
    });

    assertThat(seen).hasValue("falser1");
  }

  @Test
  void theWorkOfARequestsPlatformThreadRunsThereAndTakesAPlace() throws Exception {
    try (var requests = Threads.requests("test-requests", 2)) {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      AtomicReference<Thread> seen = new AtomicReference<>();
      var first =
          requests.submit(() -> {
            boolean ran =
                calls.run(
                    LONG,
                    () -> {
                      MDC.put("of the tool", "x");
                      seen.set(Thread.currentThread());
                      running.countDown();
                      await(end);
                    });
            return ran
                && Thread.currentThread().equals(seen.get())
                && MDC.get("of the tool") == null;
          });
      await(running);

      assertThat(requests.submit(() -> calls.run(Duration.ZERO, () -> {})).get()).isFalse();
      end.countDown();
      assertThat(first.get()).isTrue();
      assertThat(requests.submit(() -> calls.run(LONG, () -> {})).get()).isTrue();
    }
  }

  @Test
  void workWithinTheWorkOfARequestDoesNotWaitForItsPlace() throws Exception {
    try (var requests = Threads.requests("test-requests", 1)) {
      List<Boolean> ran = new ArrayList<>();
      requests
          .submit(() ->
              calls.run(
                  LONG,
                  () -> {
                    try {
                      ran.add(calls.run(Duration.ZERO, () -> {}));
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }))
          .get();

      assertThat(ran).containsExactly(true);
    }
  }

  @Test
  void requestsForWhichThereIsNoPlatformThreadRunOnVirtualOnes() throws Exception {
    try (var requests = Threads.requests("test-requests", 1)) {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      var first =
          requests.submit(() -> {
            running.countDown();
            await(end);
            return Threads.servesRequests();
          });
      await(running);

      assertThat(requests.submit(() -> Thread.currentThread().isVirtual()).get()).isTrue();
      end.countDown();
      assertThat(first.get()).isTrue();
    }
  }

  @Test
  void nothingOfOneCallIsLeftForTheNext() throws Exception {
    List<String> seen = new ArrayList<>();
    onVirtual(() -> {
      MDC.put("request_id", "r1");
      calls.run(LONG, () -> MDC.put("of the tool", "x"));
      MDC.clear();
      calls.run(LONG, () -> seen.add(MDC.get("request_id") + MDC.get("of the tool")));
    });

    assertThat(seen).containsExactly("nullnull");
  }

  @Test
  void whatItThrowsIsThrown() throws Exception {
    onVirtual(() -> {
      assertThatThrownBy(() ->
              calls.run(
                  LONG,
                  () -> {
                    throw new IllegalStateException("mine");
                  }))
          .hasMessage("mine");
      assertThatThrownBy(() ->
              calls.run(
                  LONG,
                  () -> {
                    throw new AssertionError("yours");
                  }))
          .isInstanceOf(AssertionError.class);
    });
  }

  @Test
  void moreThanThereAreThreadsWaitAndAreThenTurnedAway() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              try {
                calls.run(
                    LONG,
                    () -> {
                      running.countDown();
                      await(end);
                    });
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    await(running);

    onVirtual(() -> assertThat(calls.run(Duration.ZERO, () -> {})).isFalse());
    end.countDown();
    first.join();
    onVirtual(() -> assertThat(calls.run(LONG, () -> {})).isTrue());
  }

  @Test
  void anInterruptOfTheCallerReachesTheWork() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<Boolean> interrupted = new AtomicReference<>(false);
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                calls.run(
                    LONG,
                    () -> {
                      running.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        interrupted.set(true);
                      }
                    });
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    await(running);
    caller.interrupt();
    caller.join();

    assertThat(interrupted).hasValue(true);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void onVirtual(Work work) throws Exception {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            work.run();
          } catch (Throwable e) {
            failed.set(e);
          }
        })
        .join();
    if (failed.get() != null) {
      throw new AssertionError(failed.get());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
