package dev.longhaul.mcp.primitive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Rate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallerRateTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may wrap
  private final CallerRate rate = new CallerRate(new Rate(4, Duration.ofSeconds(1)), now::get);

  @Test
  void asManyAtOnceAsInThePeriodAndThenOneAfterTheOther() {
    for (int i = 0; i < 4; i++) {
      assertThat(rate.take("ann")).isZero();
    }
    assertThat(rate.take("ann")).isEqualTo(Duration.ofMillis(250));
    now.addAndGet(Duration.ofMillis(250).toNanos());
    assertThat(rate.take("ann")).isZero();
    assertThat(rate.take("ann")).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void whatARefusedCallAsksForIsNotTaken() {
    for (int i = 0; i < 100; i++) {
      rate.take("ann");
    }
    now.addAndGet(Duration.ofMillis(250).toNanos());
    assertThat(rate.take("ann")).isZero();
  }

  @Test
  void oneCallerDoesNotUseUpAnothers() {
    for (int i = 0; i < 100; i++) {
      rate.take("ann");
    }
    assertThat(rate.take("bob")).isZero();
  }

  @Test
  void callersThatAreGoneAreForgotten() {
    for (int i = 0; i < 25_000; i++) {
      assertThat(rate.take("caller " + i)).isZero();
      now.addAndGet(Duration.ofMillis(1).toNanos());
    }
    assertThat(rate.size()).isLessThanOrEqualTo(10_000);
  }
}
