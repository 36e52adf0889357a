package dev.longhaul.mcp.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.CoarseTimer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a timer runs may throw anything: the timer goes on. */
@Timeout(60)
class FailingTimersTest {
  private final AtomicInteger turn = new AtomicInteger();
  private final CountDownLatch after = new CountDownLatch(6);

  @Test
  void aCoarseTimerGoesOn() throws Exception {
    try (var timer = new CoarseTimer("failing-test")) {
      timer.every(Duration.ofMillis(20), this::failsAtFirst);
      assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theCommentsOfAStreamGoOn() throws Exception {
    try (var timer = new KeepAlive(Duration.ofMillis(20))) {
      var _ = timer.repeat(this::failsAtFirst);
      assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void failsAtFirst() {
    after.countDown();
    switch (turn.getAndIncrement()) {
      case 0 -> throw new CancellationException("closed");
      case 1 -> throw new IllegalStateException("stopped");
      case 2 -> throw new StackOverflowError("deep");
      default -> assertThat(after.getCount()).isNotNegative();
    }
  }
}
