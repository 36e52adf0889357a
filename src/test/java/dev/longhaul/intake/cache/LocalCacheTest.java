package dev.longhaul.intake.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.CacheKey;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.CacheStore.CachedResult;
import dev.longhaul.queue.CacheStore.Invalidation;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Results in memory: their number is bounded, they expire, and they are invalidated. */
class LocalCacheTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final CacheKey KEY = new CacheKey("report", "c1", "-");

  private final AtomicLong time = new AtomicLong(1_000_000);
  private final CacheStatistics statistics = new CacheStatistics();
  private final LocalCache local = new LocalCache(100_000, statistics, time::get);

  private static CachedResult result(String json, Duration left) {
    return new CachedResult(json, Duration.ofSeconds(5), left, null);
  }

  private void put(CacheKey key, CachedResult result) {
    local.put(key, result, LONGEST, local.invalidations());
  }

  @Test
  void itNeverTakesMoreMemoryThanItMay() {
    for (int i = 0; i < 1_000; i++) {
      put(new CacheKey("report", "c" + i, "-"), result("x".repeat(2_000), MINUTE));
      assertThat(local.memory().bytes()).isLessThanOrEqualTo(100_000);
    }
    assertThat(local.memory().entries()).isBetween(1L, 50L);
    assertThat(statistics.evictions()).isGreaterThan(900);
    put(KEY, result("x".repeat(200_000), MINUTE));
    assertThat(local.find(KEY)).isEmpty();
  }

  @Test
  void anAnswerGrowsOldAndEndsWithItsTimeOrWithThatOfTheLevel() {
    JobId job = JobId.create(0, 0);
    put(KEY, new CachedResult("é", Duration.ofSeconds(5), Duration.ofSeconds(10), job));
    CacheKey longer = new CacheKey("report", "c2", "-");
    put(longer, result("long", MINUTE));
    time.addAndGet(Duration.ofSeconds(9).toNanos());
    assertThat(local.find(KEY))
        .contains(new CachedResult("é", Duration.ofSeconds(14), Duration.ofSeconds(1), job));
    time.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(local.find(KEY)).isEmpty();
    assertThat(local.find(longer)).isPresent();
    time.addAndGet(Duration.ofSeconds(20).toNanos());
    assertThat(local.find(longer)).isEmpty();
  }

  @Test
  void whatIsForgottenIsGoneAndNothingElse() {
    CacheKey variant = new CacheKey("report", "c1", "v");
    CacheKey otherCall = new CacheKey("report", "c2", "-");
    CacheKey otherName = new CacheKey("other", "c3", "-");
    for (CacheKey key : new CacheKey[] {KEY, variant, otherCall, otherName}) {
      put(key, result("{}", MINUTE));
    }
    local.invalidate(new Invalidation("report", "c1"));
    assertThat(local.find(KEY)).isEmpty();
    assertThat(local.find(variant)).isEmpty();
    assertThat(local.find(otherCall)).isPresent();
    local.invalidate(new Invalidation("report", null));
    assertThat(local.find(otherCall)).isEmpty();
    assertThat(local.find(otherName)).isPresent();
    local.invalidate(new Invalidation(null, null));
    assertThat(local.find(otherName)).isEmpty();
  }

  @Test
  void whatWasReadBeforeItWasForgottenIsNotPutBack() {
    long before = local.invalidations();
    local.invalidate(new Invalidation("report", null));
    local.put(KEY, result("{}", MINUTE), LONGEST, before);
    assertThat(local.find(KEY)).isEmpty();
  }

  @Test
  void withoutMemoryNothingStays() {
    LocalCache none = new LocalCache(0, statistics, time::get);
    none.put(KEY, result("{}", MINUTE), LONGEST, none.invalidations());
    assertThat(none.find(KEY)).isEmpty();
  }
}
