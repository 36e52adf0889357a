package dev.longhaul.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoarseTimerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final CoarseTimer timer = new CoarseTimer("test-timer");

  @AfterEach
  void close() {
    timer.close();
  }

  @Test
  void firesOnceAndNeverTooEarly() throws InterruptedException {
    var fired = new CountDownLatch(1);
    var times = new AtomicInteger();
    long from = System.nanoTime();
    timer.after(
        Duration.ofMillis(60),
        () -> {
          times.incrementAndGet();
          fired.countDown();
        });

    assertThat(fired.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(System.nanoTime() - from).isGreaterThanOrEqualTo(60_000_000);
    var later = new CountDownLatch(3);
    timer.every(Duration.ofMillis(30), later::countDown);
    assertThat(later.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(times).hasValue(1);
  }

  @Test
  void repeatsUntilItIsCancelled() {
    var times = new AtomicInteger();
    CoarseTimer.Handle handle = timer.every(Duration.ofMillis(1), times::incrementAndGet);
    await().atMost(LIMIT).until(() -> times.get() > 3);
    handle.cancel();
    var other = new CountDownLatch(10);
    timer.every(Duration.ofMillis(1), other::countDown);
    await().atMost(LIMIT).until(() -> other.getCount() <= 5);
    int then = times.get();
    await().atMost(LIMIT).until(() -> other.getCount() == 0);
    // One run may have been about to begin.
    assertThat(times.get()).isLessThanOrEqualTo(then + 1);
  }

  @Test
  void whatWasCancelledBeforeItsTimeDoesNotFire() throws InterruptedException {
    var times = new AtomicInteger();
    timer.after(Duration.ofMillis(100), times::incrementAndGet).cancel();
    var later = new CountDownLatch(1);
    timer.after(Duration.ofMillis(300), later::countDown);

    assertThat(later.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(times).hasValue(0);
  }

  @Test
  void anActionThatFailsHarmsNoOther() throws InterruptedException {
    timer.after(
        Duration.ZERO,
        () -> {
          throw new IllegalStateException("as intended by the test");
        });
    var fired = new CountDownLatch(1);
    timer.after(Duration.ofMillis(50), fired::countDown);
    assertThat(fired.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
