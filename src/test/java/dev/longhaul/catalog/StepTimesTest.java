package dev.longhaul.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.Checkpoints.Step;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepTimesTest {
  private final AtomicLong now = new AtomicLong(1_000);
  private final StepTimes times = new StepTimes(now::get);

  private void pass(long millis) {
    now.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  private static Step step(String name, long count, long millis) {
    return new Step(name, count, Duration.ofMillis(millis));
  }

  @Test
  void aStepLastsUntilTheNextOneAndTheSameNameIsAddedUp() {
    pass(7);
    assertThat(times.steps()).isEmpty();
    times.begin("reading");
    pass(10);
    times.begin("writing");
    pass(20);
    times.begin("reading");
    pass(30);
    assertThat(times.steps()).containsExactly(step("reading", 2, 40), step("writing", 1, 20));
    pass(5);
    assertThat(times.steps()).containsExactly(step("reading", 2, 45), step("writing", 1, 20));
  }

  @Test
  void namesAreBoundedInNumberAndLength() {
    times.begin("x".repeat(StepTimes.MAX_NAME + 1));
    for (int i = 1; i < StepTimes.MAX_NAMES + 10; i++) {
      times.begin("row " + i);
      pass(1);
    }
    assertThat(times.steps()).hasSize(StepTimes.MAX_NAMES + 1);
    assertThat(times.steps().getFirst().name()).hasSize(StepTimes.MAX_NAME);
    assertThat(times.steps().getLast()).isEqualTo(step(StepTimes.OTHER, 10, 10));
  }
}
