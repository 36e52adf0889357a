package dev.longhaul.mcp.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.wire.Replies;
import dev.longhaul.thread.CoarseTimer;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.mock.web.DelegatingServletOutputStream;
import org.springframework.mock.web.MockHttpServletResponse;

/** A timer continues when one of its actions throws anything. */
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
    try (var timer = new KeepAlive(Duration.ofMillis(20), new CoarseTimer("test"))) {
      var _ = timer.repeat(this::failsAtFirst);
      assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theCommentsOfAStreamGoOnWhileWhatIsDoneForLostOnesTakesLong() throws Exception {
    int more = KeepAlive.THREADS + 1;
    CountDownLatch noticed = new CountDownLatch(more);
    CountDownLatch over = new CountDownLatch(1);
    try (var timer = new KeepAlive(Duration.ofMillis(20), new CoarseTimer("test"))) {
      for (int i = 0; i < more; i++) {
        BreakingResponse response = new BreakingResponse();
        HttpReply reply = new HttpReply(response, true, timer);
        reply.onLost(() -> {
          noticed.countDown();
          awaitQuietly(over);
        });
        reply.send(Replies.notification("test", Replies.object()));
        response.broken = true;
      }
      assertThat(noticed.await(30, TimeUnit.SECONDS)).as("all are found to be lost").isTrue();
      var _ = timer.repeat(after::countDown);
      assertThat(after.await(30, TimeUnit.SECONDS)).as("comments").isTrue();
    } finally {
      over.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The response to a client whose connection breaks. */
  private static final class BreakingResponse extends MockHttpServletResponse {
    private volatile boolean broken;

    @Override
    public ServletOutputStream getOutputStream() {
      return broken
          ? new DelegatingServletOutputStream(
              new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                  throw new IOException("Connection reset by peer");
                }
              })
          : super.getOutputStream();
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
