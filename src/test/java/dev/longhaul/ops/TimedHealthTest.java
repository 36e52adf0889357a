package dev.longhaul.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

@Timeout(60)
class TimedHealthTest {
  private final CountDownLatch answers = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();

  private Health wait(CountDownLatch until) {
    looks.incrementAndGet();
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Health.up().build();
  }

  @Test
  void aComponentThatDoesNotAnswerIsDownAndLookedAtByOneOnly() {
    HealthIndicator stuck = () -> wait(answers);
    var health = (HealthIndicator) new TimedHealths().postProcessAfterInitialization(stuck, "any");

    // Each of these would wait without end.
    assertThat(Objects.requireNonNull(health.health()).getStatus()).isEqualTo(Status.DOWN);
    assertThat(Objects.requireNonNull(health.health()).getStatus()).isEqualTo(Status.DOWN);
    assertThat(looks).hasValue(1);

    answers.countDown();
    Awaitility.await()
        .until(() -> Objects.requireNonNull(health.health()).getStatus().equals(Status.UP));
  }

  @Test
  void whatAComponentThrowsMakesItDown() {
    HealthIndicator broken =
        () -> {
          throw new IllegalStateException("thrown by the test");
        };

    assertThat(new TimedHealth(broken).health().getStatus()).isEqualTo(Status.DOWN);
  }
}
