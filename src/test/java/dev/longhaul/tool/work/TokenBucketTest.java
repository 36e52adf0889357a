package dev.longhaul.tool.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.tool.JobStoppedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TokenBucketTest {
  private final AtomicLong now = new AtomicLong(42);

  private TokenBucket bucket(double perSecond, int burst) {
    return new TokenBucket(perSecond, burst, now::get, now::addAndGet);
  }

  @Test
  void aBurstIsFreeAndThenTheRateHolds() {
    TokenBucket bucket = bucket(10, 3);

    assertThat(bucket.take(3)).isZero();
    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100));
    assertThat(bucket.take(2)).isEqualTo(Duration.ofMillis(200));
    now.addAndGet(TimeUnit.SECONDS.toNanos(100));
    // At most the burst is saved up.
    assertThat(bucket.take(3)).isZero();
    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void waitsForLongInSteps() {
    TokenBucket bucket = bucket(0.1, 1);

    assertThat(bucket.take()).isZero();
    assertThat(bucket.take()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void triesWithoutWaiting() {
    TokenBucket bucket = bucket(10, 2);

    assertThat(bucket.tryTake(2)).isTrue();
    assertThat(bucket.tryTake(1)).isFalse();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(bucket.tryTake(1)).isTrue();
  }

  @Test
  void whoIsCancelledWhileWaitingTakesNothing() throws Exception {
    TestCall call = new TestCall();
    CountDownLatch waiting = new CountDownLatch(1);
    TokenBucket bucket =
        new TokenBucket(
            1,
            10,
            now::get,
            nanos -> {
              waiting.countDown();
              new CountDownLatch(1).await();
            });
    assertThat(bucket.take(10)).isZero();
    var ended = call.start(() -> bucket.take(10));
    assertThat(waiting.await(TestCall.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    call.cancel();

    assertThat(TestCall.failure(ended)).isInstanceOf(JobStoppedException.class);
    now.addAndGet(TimeUnit.SECONDS.toNanos(10));
    assertThat(bucket.tryTake(10)).isTrue();
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new TokenBucket(0, 1)).hasMessageContaining("perSecond is 0.0");
    assertThatThrownBy(() -> new TokenBucket(Double.NaN, 1)).hasMessageContaining("perSecond");
    assertThatThrownBy(() -> new TokenBucket(1, 0)).hasMessageContaining("burst is 0");
    assertThatThrownBy(() -> bucket(1, 5).take(6))
        .hasMessage("count is 6; give 1 to 5, the bucket's burst.");
  }
}
