package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.CacheKey;
import dev.longhaul.job.CacheRun;
import dev.longhaul.job.JobId;
import dev.longhaul.queue.CacheStore;
import dev.longhaul.queue.CacheStore.Begin;
import dev.longhaul.queue.CacheStore.CachedResult;
import dev.longhaul.queue.CacheStore.Invalidation;
import dev.longhaul.queue.QueueUnavailableException;
import dev.longhaul.testing.TestRedis;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Cached results of two processes on a real Redis. */
class RedisCacheStoreTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CacheKey KEY = new CacheKey("report", "c1", "-");

  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  private CacheStore store() {
    return redis.cache(Duration.ofSeconds(30));
  }

  private static CacheKey variant(String variant) {
    return new CacheKey("report", "c1", variant);
  }

  private static Begin.Running begin(CacheStore store, CacheKey key, String flight) {
    return (Begin.Running) store.begin(key, flight, HOUR, HOUR, false);
  }

  private static CacheRun run(CacheStore store, CacheKey key) {
    return begin(store, key, "r").run();
  }

  private static boolean cache(CacheStore store, CacheKey key, String json) {
    return store.end(run(store, key), json, null);
  }

  @Test
  void whatOneProcessKeepsAnotherFinds() {
    CacheStore one = store();
    CacheStore other = store();
    assertThat(other.find(KEY)).isEmpty();
    JobId job = JobId.create(1, 0);
    String large = "é\u0000\"" + "x".repeat(200_000);
    var running = begin(one, KEY, "r");
    assertThat(running.leads()).isTrue();
    assertThat(one.end(running.run(), large, job)).isTrue();
    CachedResult cached = other.find(KEY).orElseThrow();
    assertThat(cached.json()).isEqualTo(large);
    assertThat(cached.job()).isEqualTo(job);
    assertThat(cached.left()).isBetween(Duration.ofMinutes(50), HOUR);
    assertThat(cached.age()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    assertThat(other.begin(KEY, "r", HOUR, HOUR, false)).isInstanceOf(Begin.Hit.class);
    // The result is compressed.
    assertThat(redis.commands().hstrlen(redis.tag() + ":ca:c1", "e:-")).isLessThan(10_000);
    assertThat(one.find(variant("v"))).isEmpty();
  }

  @Test
  void aCallMadeAnewLeavesNoKeyForLongerThanItsAnswerMayBeGiven() {
    CacheStore store = store();
    Duration week = Duration.ofDays(7);
    cache(store, KEY, "{}");
    for (boolean answers : List.of(true, false)) {
      var anew = (Begin.Running) store.begin(KEY, "r", HOUR, week, true);
      assertThat(redis.commands().pttl(redis.tag() + ":ca:c1")).isGreaterThan(HOUR.toMillis());
      if (answers) {
        store.end(anew.run(), "{}", null);
      } else {
        store.end(anew.run(), null, null);
      }
      assertThat(redis.commands().pttl(redis.tag() + ":ca:c1")).isBetween(1L, HOUR.toMillis());
    }
    // A current run keeps its mark when another run of the same call ends.
    assertThat(store.begin(KEY, "other", HOUR, week, true)).isInstanceOf(Begin.Running.class);
    store.end(run(store, variant("another")), null, null);
    assertThat(redis.commands().pttl(redis.tag() + ":ca:c1")).isGreaterThan(HOUR.toMillis());
  }

  @Test
  void anAnswerEndsWithItsTime() {
    CacheStore store = store();
    var running = (Begin.Running) store.begin(KEY, "r", Duration.ofMillis(1), HOUR, false);
    store.end(running.run(), "{}", null);
    await().atMost(LIMIT).until(() -> store.find(KEY).isEmpty());
    assertThat(begin(store, KEY, "r").leads()).isTrue();
  }

  @Test
  void ofManyWhoBeginTheSameRunOneBeginsItAndTheOthersJoin() {
    List<CacheStore> processes = List.of(store(), store());
    List<CompletableFuture<Begin.Running>> all =
        IntStream.range(0, 20)
            .mapToObj(i -> {
              var end = new CompletableFuture<Begin.Running>();
              Thread.ofVirtual().start(() -> end.complete(begin(processes.get(i % 2), KEY, "r")));
              return end;
            })
            .toList();
    Set<String> tokens = new HashSet<>();
    long own = 0;
    for (var each : all) {
      Begin.Running running = each.orTimeout(60, TimeUnit.SECONDS).join();
      tokens.add(running.run().token());
      own += running.leads() ? 1 : 0;
    }
    assertThat(tokens).hasSize(1);
    assertThat(own).isEqualTo(1);
    assertThat(begin(processes.get(0), KEY, "another").leads()).isTrue();
  }

  @Test
  void aRunThatEndedOrTookTooLongIsReplaced() {
    CacheStore store = store();
    var first = begin(store, KEY, "r");
    store.end(new CacheRun(KEY, "r", "another token", HOUR), "{}", null);
    assertThat(run(store, KEY)).isEqualTo(first.run());
    store.end(first.run(), null, null);
    assertThat(begin(store, KEY, "r").leads()).isTrue();
    assertThat(store.end(first.run(), "{}", null)).isFalse();

    CacheKey brief = new CacheKey("report", "c2", "-");
    store.begin(brief, "r", HOUR, Duration.ofMillis(1), false);
    await().atMost(LIMIT).until(() -> begin(store, brief, "r").leads());
  }

  @Test
  void whatIsForgottenStaysForgottenThoughItWasStillBeingMade() {
    CacheStore store = store();
    CacheKey other = new CacheKey("report", "c2", "-");
    CacheKey untouched = new CacheKey("untouched", "c3", "-");
    cache(store, KEY, "{}");
    cache(store, untouched, "{}");
    var running = begin(store, other, "r");

    store.invalidate(new Invalidation("report", null), HOUR);

    assertThat(store.find(KEY)).isEmpty();
    assertThat(store.find(untouched)).isPresent();
    var joined = begin(store, other, "r");
    assertThat(joined.leads()).as("nobody joins what began before").isTrue();
    assertThat(store.end(running.run(), "{\"old\":1}", null)).isFalse();
    assertThat(store.end(joined.run(), "{\"new\":1}", null)).isTrue();
    assertThat(store.find(other).orElseThrow().json()).contains("new");
  }

  @Test
  void oneCallIsForgottenWithAllItsVariantsAndRuns() {
    CacheStore store = store();
    CacheKey other = new CacheKey("report", "c2", "-");
    cache(store, KEY, "{}");
    cache(store, variant("v"), "{}");
    cache(store, other, "{}");
    var running = begin(store, variant("w"), "r");

    store.invalidate(new Invalidation("report", "c1"), HOUR);

    assertThat(store.find(KEY)).isEmpty();
    assertThat(store.find(variant("v"))).isEmpty();
    assertThat(store.find(other)).isPresent();
    assertThat(store.end(running.run(), "{}", null)).isFalse();
  }

  @Test
  void aRunThatIsBegunAnewReplacesWhatIsKeptAndWhatGoesOn() {
    CacheStore store = store();
    var old = begin(store, KEY, "r");
    var anew = (Begin.Running) store.begin(KEY, "n", HOUR, HOUR, true);
    assertThat(anew.leads()).isTrue();
    assertThat(store.end(anew.run(), "{\"new\":1}", null)).isTrue();
    assertThat(store.end(old.run(), "{\"old\":1}", null)).isFalse();
    assertThat(store.find(KEY).orElseThrow().json()).contains("new");
    assertThat(((Begin.Running) store.begin(KEY, "r", HOUR, HOUR, true)).leads()).isTrue();
  }

  @Test
  void oneCallHasRoomForSoManyAndNoMore() {
    CacheStore store = store();
    for (int i = 0; i < 64; i++) {
      assertThat(begin(store, KEY, "r" + i).leads()).isTrue();
    }
    assertThat(store.begin(KEY, "more", HOUR, HOUR, false)).isEqualTo(new Begin.Uncached());
    store.end(begin(store, KEY, "r7").run(), null, null);
    assertThat(begin(store, KEY, "more").leads()).isTrue();
  }

  @Test
  void nothingIsKeptWhenMemoryIsNearlyFull() {
    CacheStore store = store();
    redis.commands().set(redis.tag() + ":full", "1");
    redis.commands().expire(redis.tag() + ":full", 60);
    assertThat(cache(store, KEY, "{}")).isFalse();
    assertThat(store.find(KEY)).isEmpty();
  }

  @Test
  void everyProcessHearsWhatIsForgotten() throws InterruptedException {
    CacheStore one = store();
    CacheStore other = store();
    BlockingQueue<Invalidation> heard = new LinkedBlockingQueue<>();
    try (var _ = other.onInvalidation(heard::add)) {
      assertThat(other.find(KEY)).isEmpty(); // begins the subscription
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(new Invalidation(null, null));
      one.invalidate(new Invalidation("a b", null), HOUR);
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(new Invalidation("a b", null));
      one.invalidate(new Invalidation("a b", "c1"), HOUR);
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(new Invalidation("a b", "c1"));
    }
  }

  @Test
  void aRedisThatIsAwaySaysSo() {
    try (var own = TestRedis.start()) {
      var away = new RedisQueueFixture(TestRedis.namespace(), own.url());
      away.open();
      try {
        CacheStore store = away.cache(Duration.ofMillis(500));
        own.kill();
        assertThatThrownBy(() -> store.find(KEY)).isInstanceOf(QueueUnavailableException.class);
        assertThatThrownBy(() -> store.begin(KEY, "r", HOUR, HOUR, false))
            .isInstanceOf(QueueUnavailableException.class);
        own.restart();
        await()
            .atMost(LIMIT)
            .ignoreException(QueueUnavailableException.class)
            .until(() -> store.find(KEY).isEmpty());
      } finally {
        away.close();
      }
    }
  }
}
