package dev.longhaul.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Background work continues after failures. */
@Timeout(60)
class SupervisedTest {
  private static final List<Throwable> FAILURES =
      List.of(
          new CancellationException("closed"),
          new IllegalStateException("stopped"),
          new StackOverflowError("deep"));

  private final AtomicInteger turn = new AtomicInteger();
  private final CountDownLatch after = new CountDownLatch(FAILURES.size() + 3);

  @Test
  void aTimerRepeatsWhatHasThrownAnything() throws Exception {
    try (var timer = Threads.timer("test", 1)) {
      var _ =
          timer.scheduleWithFixedDelay(
              Supervised.repeated("repeated test", this::failsAtFirst),
              1,
              1,
              TimeUnit.MILLISECONDS);
      assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
      timer.shutdownNow();
    }
    assertThat(Supervised.failures()).containsEntry("repeated test", (long) FAILURES.size());
  }

  @Test
  void aLoopGoesOnAfterAnythingButAnInterrupt() throws Exception {
    Thread loop =
        Threads.loop(
            "test",
            Supervised.forever(
                "looping test",
                () -> {
                  failsAtFirst();
                  Thread.sleep(1);
                }));
    assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(loop.isAlive()).isTrue();
    loop.interrupt();
    loop.join(30_000);
    assertThat(loop.isAlive()).isFalse();
    assertThat(Supervised.failures()).containsEntry("looping test", (long) FAILURES.size());
  }

  @Test
  void whatFailsBecauseItIsToldToStopStops() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    Thread loop =
        Threads.loop(
            "test",
            Supervised.forever(
                "stopping test",
                () -> {
                  entered.countDown();
                  try {
                    Thread.sleep(60_000);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while waiting for Redis", e);
                  }
                }));
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    loop.interrupt();
    loop.join(30_000);
    assertThat(loop.isAlive()).isFalse();
    assertThat(Supervised.failures()).containsEntry("stopping test", 0L);
  }

  private void failsAtFirst() {
    after.countDown();
    int now = turn.getAndIncrement();
    if (now < FAILURES.size()) {
      switch (FAILURES.get(now)) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalArgumentException(e);
      }
    }
  }
}
