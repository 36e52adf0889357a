package dev.longhaul.intake.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.intake.cache.CacheableCalls.CacheableCall;
import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.JobId;
import dev.longhaul.job.Outcome;
import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.testing.Settings;
import dev.longhaul.testing.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls without Redis, and results that are not cached. */
class CachedResultsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final CacheableCall CALL =
      new CacheableCall(
          CacheStatistics.Kind.TOOL, new CacheKey("report", "c1", "-"), "r", MINUTE, MINUTE);

  private static final CacheRun RUN = new CacheRun(CALL.key(), CALL.flight(), "t", MINUTE);

  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 10);
  private final Recording store = new Recording();
  private final CacheStatistics statistics = new CacheStatistics();
  private final CachedResults results =
      new CachedResults(
          new LocalCache(0, statistics, time::get),
          store,
          statistics,
          Settings.of(CacheProperties.class, Map.of("longhaul.cache.max-entry", "100B")),
          time::get,
          Tools.JSON);

  /** A store that records calls and can be unavailable. */
  private static final class Recording implements CacheStore {
    final List<String> asked = new ArrayList<>();
    boolean away;

    private void ask(String what) {
      asked.add(what);
      if (away) {
        throw new QueueUnavailableException("away");
      }
    }

    @Override
    public Optional<CachedResult> find(CacheKey key) {
      ask("find");
      return Optional.of(new CachedResult("{}", Duration.ZERO, MINUTE, null));
    }

    @Override
    public Begin begin(CacheKey key, String flight, Duration life, Duration longest, boolean anew) {
      ask("begin");
      return new Begin.Running(RUN, true);
    }

    @Override
    public boolean end(CacheRun run, @Nullable String result, @Nullable JobId job) {
      ask(result == null ? "end" : "cache");
      return result != null;
    }

    @Override
    public void invalidate(Invalidation what, Duration remembered) {
      ask("invalidate");
    }

    @Override
    public Watch onInvalidation(Consumer<Invalidation> listener) {
      return () -> {};
    }
  }

  private void end(String result) {
    results.end(RUN, new Outcome.Answered(result, false), null);
  }

  @Test
  void whereRedisIsAwayNothingIsCachedAndNobodyWaitsForItTwice() {
    store.away = true;
    assertThat(results.find(CALL)).isEmpty();
    assertThat(results.find(CALL)).isEmpty();
    assertThat(results.begin(CALL, false)).isEqualTo(new CacheStore.Begin.Uncached());
    end("{}");
    results.end(RUN, null, null);
    assertThat(store.asked).containsExactly("find");

    store.away = false;
    time.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(results.find(CALL)).isPresent();
    end("{}");
    assertThat(store.asked).containsExactly("find", "find", "cache");
  }

  @Test
  void aResultThatIsTooLargeOrAnErrorOnlyEndsItsRun() {
    end("x".repeat(100));
    end("x".repeat(101));
    end("é".repeat(51));
    end("é".repeat(50));
    results.end(RUN, new Outcome.Answered("{}", true), null);
    assertThat(store.asked).containsExactly("cache", "end", "end", "cache", "end");
  }
}
