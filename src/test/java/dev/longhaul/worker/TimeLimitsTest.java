package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.job.JobSpec;
import dev.longhaul.job.Priority;
import dev.longhaul.job.RetryPolicy;
import dev.longhaul.queue.Claim;
import dev.longhaul.queue.LeaseToken;
import dev.longhaul.thread.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A failure during the check of time limits does not prevent later time-outs. */
@Timeout(60)
class TimeLimitsTest {
  private static final List<Throwable> FAILURES =
      List.of(
          new CancellationException("closed"),
          new IllegalStateException("stopped"),
          new StackOverflowError("deep"));

  @Test
  void aLookThatFailsIsFollowedByAnother() throws Exception {
    var over = new CountDownLatch(1);
    try (var timer = Threads.timer("test", 1)) {
      var limits = new TimeLimits(timer, new FailingClock());
      limits.begin(job(), 0, over::countDown);
      assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
      timer.shutdownNow();
    }
  }

  @Test
  void anAttemptThatCannotBeEndedDoesNotKeepTheOthersFromIt() throws Exception {
    var over = new CountDownLatch(2 * FAILURES.size());
    try (var timer = Threads.timer("test", 1)) {
      var limits = new TimeLimits(timer, Clock.systemUTC());
      for (Throwable failure : FAILURES) {
        limits.begin(
            job(),
            0,
            () -> {
              over.countDown();
              thrown(failure);
            });
        limits.begin(job(), 0, over::countDown);
      }
      assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
      timer.shutdownNow();
    }
  }

  private static void thrown(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalArgumentException(e);
    }
  }

  private static RunningJob job() {
    var claim =
        new Claim(
            JobId.create(0, 0),
            new LeaseToken(1, "n"),
            new JobSpec(
                "tools/call",
                "test",
                "local",
                "default",
                Priority.DEFAULT,
                Duration.ofMillis(1),
                RetryPolicy.once(),
                Map.of()),
            "{}",
            "{}",
            1,
            Instant.EPOCH,
            Instant.MAX,
            Duration.ZERO,
            false,
            null);
    return StuckToolsTest.unbegun(claim);
  }

  /** A clock whose first reads throw, each a different exception. */
  private static final class FailingClock extends Clock {
    private final AtomicInteger looks = new AtomicInteger();

    @Override
    public long millis() {
      int look = looks.getAndIncrement();
      if (look < FAILURES.size()) {
        thrown(FAILURES.get(look));
      }
      return System.currentTimeMillis();
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
