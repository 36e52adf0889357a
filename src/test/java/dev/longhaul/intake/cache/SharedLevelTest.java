package dev.longhaul.intake.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.JobQueue.Watch;
import dev.longhaul.queue.QueueUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls that can do without Redis, and answers that are too large. */
class SharedLevelTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final CachedCall CALL =
      new CachedCall(
          CacheStatistics.Kind.TOOL,
          new AnswerStore.Place("report", "c1", "-"),
          "r",
          MINUTE,
          MINUTE);

  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 10);
  private final Recording store = new Recording();
  private final SharedLevel level = new SharedLevel(store, 100, time::get);

  /** A store that says what was asked of it, and can be away. */
  private static final class Recording implements AnswerStore {
    final List<String> asked = new ArrayList<>();
    boolean away;

    private void ask(String what) {
      asked.add(what);
      if (away) {
        throw new QueueUnavailableException("away");
      }
    }

    @Override
    public Optional<Kept> find(Place place) {
      ask("find");
      return Optional.of(new Kept("{}", Duration.ZERO, MINUTE, null));
    }

    @Override
    public Beginning begin(Place place, String run, Duration longest, boolean anew) {
      ask("begin");
      return new Beginning.Running("t", true);
    }

    @Override
    public boolean keep(
        Place place, String run, String token, String json, @Nullable JobId job, Duration life) {
      ask("keep");
      return true;
    }

    @Override
    public void end(Place place, String run, String token) {
      ask("end");
    }

    @Override
    public void forget(String name, Duration remembered) {
      ask("forget");
    }

    @Override
    public void forget(String name, String call) {
      ask("forget");
    }

    @Override
    public Watch onForgotten(Consumer<Forgotten> listener) {
      return () -> {};
    }
  }

  @Test
  void whereRedisIsAwayNothingIsKeptAndNobodyWaitsForItTwice() {
    store.away = true;
    assertThat(level.find(CALL)).isEmpty();
    assertThat(level.find(CALL)).isEmpty();
    assertThat(level.begin(CALL, false)).isEqualTo(new AnswerStore.Beginning.Crowded());
    assertThat(level.keep(CALL, "t", "{}", null)).isFalse();
    level.end(CALL, "t");
    assertThat(store.asked).containsExactly("find");

    store.away = false;
    time.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(level.find(CALL)).isPresent();
    assertThat(level.keep(CALL, "t", "{}", null)).isTrue();
  }

  @Test
  void anAnswerThatIsTooLargeOnlyEndsItsRun() {
    assertThat(level.keep(CALL, "t", "x".repeat(100), null)).isTrue();
    assertThat(level.keep(CALL, "t", "x".repeat(101), null)).isFalse();
    assertThat(level.keep(CALL, "t", "é".repeat(51), null)).isFalse();
    assertThat(level.keep(CALL, "t", "é".repeat(50), null)).isTrue();
    assertThat(store.asked).containsExactly("keep", "end", "end", "keep");
  }
}
