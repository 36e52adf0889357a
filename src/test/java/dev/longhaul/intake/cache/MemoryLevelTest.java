package dev.longhaul.intake.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.AnswerStore.Forgotten;
import dev.longhaul.queue.AnswerStore.Kept;
import dev.longhaul.queue.AnswerStore.Place;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Answers in memory: bounded, for a time, and never what was forgotten. */
class MemoryLevelTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Place PLACE = new Place("report", "c1", "-");

  private final AtomicLong time = new AtomicLong(1_000_000);
  private final CacheStatistics statistics = new CacheStatistics();
  private final MemoryLevel memory =
      new MemoryLevel(100_000, Duration.ofSeconds(30), statistics, time::get);

  private static Kept kept(String json, Duration left) {
    return new Kept(json, Duration.ofSeconds(5), left, null);
  }

  private void put(Place place, Kept kept) {
    memory.put(place, kept, memory.forgettings());
  }

  @Test
  void itNeverTakesMoreMemoryThanItMay() {
    for (int i = 0; i < 1_000; i++) {
      put(new Place("report", "c" + i, "-"), kept("x".repeat(2_000), MINUTE));
      assertThat(memory.bytes()).isLessThanOrEqualTo(100_000);
    }
    assertThat(memory.size()).isBetween(1L, 50L);
    assertThat(statistics.evictions()).isGreaterThan(900);
    put(PLACE, kept("x".repeat(200_000), MINUTE));
    assertThat(memory.find(PLACE)).isEmpty();
  }

  @Test
  void anAnswerGrowsOldAndEndsWithItsTimeOrWithThatOfTheLevel() {
    JobId job = JobId.create(0, 0);
    put(PLACE, new Kept("é", Duration.ofSeconds(5), Duration.ofSeconds(10), job));
    Place longer = new Place("report", "c2", "-");
    put(longer, kept("long", MINUTE));
    time.addAndGet(Duration.ofSeconds(9).toNanos());
    assertThat(memory.find(PLACE))
        .contains(new Kept("é", Duration.ofSeconds(14), Duration.ofSeconds(1), job));
    time.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(memory.find(PLACE)).isEmpty();
    assertThat(memory.find(longer)).isPresent();
    time.addAndGet(Duration.ofSeconds(20).toNanos());
    assertThat(memory.find(longer)).isEmpty();
  }

  @Test
  void whatIsForgottenIsGoneAndNothingElse() {
    Place variant = PLACE.as("v");
    Place otherCall = new Place("report", "c2", "-");
    Place otherName = new Place("other", "c3", "-");
    for (Place place : new Place[] {PLACE, variant, otherCall, otherName}) {
      put(place, kept("{}", MINUTE));
    }
    memory.forget(new Forgotten.Call("report", "c1"));
    assertThat(memory.find(PLACE)).isEmpty();
    assertThat(memory.find(variant)).isEmpty();
    assertThat(memory.find(otherCall)).isPresent();
    memory.forget(new Forgotten.Name("report"));
    assertThat(memory.find(otherCall)).isEmpty();
    assertThat(memory.find(otherName)).isPresent();
    memory.forget(new Forgotten.Anything());
    assertThat(memory.find(otherName)).isEmpty();
  }

  @Test
  void whatWasReadBeforeItWasForgottenIsNotPutBack() {
    long before = memory.forgettings();
    memory.forget(new Forgotten.Name("report"));
    memory.put(PLACE, kept("{}", MINUTE), before);
    assertThat(memory.find(PLACE)).isEmpty();
  }

  @Test
  void withoutMemoryNothingStays() {
    MemoryLevel none = new MemoryLevel(0, MINUTE, statistics, time::get);
    none.put(PLACE, kept("{}", MINUTE), none.forgettings());
    assertThat(none.find(PLACE)).isEmpty();
  }
}
