package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.job.JobId;
import dev.longhaul.queue.AnswerStore;
import dev.longhaul.queue.AnswerStore.Beginning;
import dev.longhaul.queue.AnswerStore.Forgotten;
import dev.longhaul.queue.AnswerStore.Kept;
import dev.longhaul.queue.AnswerStore.Place;
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

/** Kept answers on a real Redis, as two processes use them. */
class RedisAnswerStoreTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Place PLACE = new Place("report", "c1", "-");

  @RegisterExtension final RedisQueueFixture redis = new RedisQueueFixture(TestRedis.namespace());

  private AnswerStore store() {
    return redis.answers(Duration.ofSeconds(30));
  }

  private static Beginning.Running begin(AnswerStore store, Place place, String run) {
    return (Beginning.Running) store.begin(place, run, HOUR, false);
  }

  private static boolean keep(AnswerStore store, Place place, String json) {
    return store.keep(place, "r", begin(store, place, "r").token(), json, null, HOUR);
  }

  @Test
  void whatOneProcessKeepsAnotherFinds() {
    AnswerStore one = store();
    AnswerStore other = store();
    assertThat(other.find(PLACE)).isEmpty();
    JobId job = JobId.create(1, 0);
    String large = "é\u0000\"" + "x".repeat(200_000);
    var running = begin(one, PLACE, "r");
    assertThat(running.own()).isTrue();
    assertThat(one.keep(PLACE, "r", running.token(), large, job, HOUR)).isTrue();
    Kept kept = other.find(PLACE).orElseThrow();
    assertThat(kept.json()).isEqualTo(large);
    assertThat(kept.job()).isEqualTo(job);
    assertThat(kept.left()).isBetween(Duration.ofMinutes(50), HOUR);
    assertThat(kept.age()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    assertThat(other.begin(PLACE, "r", HOUR, false)).isEqualTo(new Beginning.Known());
    // It is compressed.
    assertThat(redis.commands().hstrlen(redis.tag() + ":ca:c1", "e:-")).isLessThan(10_000);
    assertThat(one.find(PLACE.as("v"))).isEmpty();
  }

  @Test
  void aCallMadeAnewLeavesNoKeyForLongerThanItsAnswerMayBeGiven() {
    AnswerStore store = store();
    Duration week = Duration.ofDays(7);
    keep(store, PLACE, "{}");
    for (boolean answers : List.of(true, false)) {
      var anew = (Beginning.Running) store.begin(PLACE, "r", week, true);
      assertThat(redis.commands().pttl(redis.tag() + ":ca:c1")).isGreaterThan(HOUR.toMillis());
      if (answers) {
        store.keep(PLACE, "r", anew.token(), "{}", null, HOUR);
      } else {
        store.end(PLACE, "r", anew.token());
      }
      assertThat(redis.commands().pttl(redis.tag() + ":ca:c1")).isBetween(1L, HOUR.toMillis());
    }
    // A run that goes on keeps its mark when another one of the same call ends.
    assertThat(store.begin(PLACE, "other", week, true)).isInstanceOf(Beginning.Running.class);
    Place variant = new Place(PLACE.name(), PLACE.call(), "another");
    store.end(variant, "r", begin(store, variant, "r").token());
    assertThat(redis.commands().pttl(redis.tag() + ":ca:c1")).isGreaterThan(HOUR.toMillis());
  }

  @Test
  void anAnswerEndsWithItsTime() {
    AnswerStore store = store();
    var running = begin(store, PLACE, "r");
    store.keep(PLACE, "r", running.token(), "{}", null, Duration.ofMillis(1));
    await().atMost(LIMIT).until(() -> store.find(PLACE).isEmpty());
    assertThat(begin(store, PLACE, "r").own()).isTrue();
  }

  @Test
  void ofManyWhoBeginTheSameRunOneBeginsItAndTheOthersJoin() {
    List<AnswerStore> processes = List.of(store(), store());
    List<CompletableFuture<Beginning.Running>> all =
        IntStream.range(0, 20)
            .mapToObj(i -> {
              var end = new CompletableFuture<Beginning.Running>();
              Thread.ofVirtual().start(() -> end.complete(begin(processes.get(i % 2), PLACE, "r")));
              return end;
            })
            .toList();
    Set<String> tokens = new HashSet<>();
    long own = 0;
    for (var each : all) {
      Beginning.Running running = each.orTimeout(60, TimeUnit.SECONDS).join();
      tokens.add(running.token());
      own += running.own() ? 1 : 0;
    }
    assertThat(tokens).hasSize(1);
    assertThat(own).isEqualTo(1);
    assertThat(begin(processes.get(0), PLACE, "another").own()).isTrue();
  }

  @Test
  void aRunThatEndedOrTookTooLongIsReplaced() {
    AnswerStore store = store();
    var first = begin(store, PLACE, "r");
    store.end(PLACE, "r", "another token");
    assertThat(begin(store, PLACE, "r").token()).isEqualTo(first.token());
    store.end(PLACE, "r", first.token());
    assertThat(begin(store, PLACE, "r").own()).isTrue();
    assertThat(store.keep(PLACE, "r", first.token(), "{}", null, HOUR)).isFalse();

    Place brief = new Place("report", "c2", "-");
    store.begin(brief, "r", Duration.ofMillis(1), false);
    await().atMost(LIMIT).until(() -> begin(store, brief, "r").own());
  }

  @Test
  void whatIsForgottenStaysForgottenThoughItWasStillBeingMade() {
    AnswerStore store = store();
    Place other = new Place("report", "c2", "-");
    Place untouched = new Place("untouched", "c3", "-");
    keep(store, PLACE, "{}");
    keep(store, untouched, "{}");
    var running = begin(store, other, "r");

    store.forget("report", HOUR);

    assertThat(store.find(PLACE)).isEmpty();
    assertThat(store.find(untouched)).isPresent();
    var joined = begin(store, other, "r");
    assertThat(joined.own()).as("nobody joins what began before").isTrue();
    assertThat(store.keep(other, "r", running.token(), "{\"old\":1}", null, HOUR)).isFalse();
    assertThat(store.keep(other, "r", joined.token(), "{\"new\":1}", null, HOUR)).isTrue();
    assertThat(store.find(other).orElseThrow().json()).contains("new");
  }

  @Test
  void oneCallIsForgottenWithAllItsVariantsAndRuns() {
    AnswerStore store = store();
    Place other = new Place("report", "c2", "-");
    keep(store, PLACE, "{}");
    keep(store, PLACE.as("v"), "{}");
    keep(store, other, "{}");
    var running = begin(store, PLACE.as("w"), "r");

    store.forget("report", "c1");

    assertThat(store.find(PLACE)).isEmpty();
    assertThat(store.find(PLACE.as("v"))).isEmpty();
    assertThat(store.find(other)).isPresent();
    assertThat(store.keep(PLACE.as("w"), "r", running.token(), "{}", null, HOUR)).isFalse();
  }

  @Test
  void aRunThatIsBegunAnewReplacesWhatIsKeptAndWhatGoesOn() {
    AnswerStore store = store();
    var old = begin(store, PLACE, "r");
    var anew = (Beginning.Running) store.begin(PLACE, "n", HOUR, true);
    assertThat(anew.own()).isTrue();
    assertThat(store.keep(PLACE, "n", anew.token(), "{\"new\":1}", null, HOUR)).isTrue();
    assertThat(store.keep(PLACE, "r", old.token(), "{\"old\":1}", null, HOUR)).isFalse();
    assertThat(store.find(PLACE).orElseThrow().json()).contains("new");
    assertThat(((Beginning.Running) store.begin(PLACE, "r", HOUR, true)).own()).isTrue();
  }

  @Test
  void oneCallHasRoomForSoManyAndNoMore() {
    AnswerStore store = store();
    for (int i = 0; i < 64; i++) {
      assertThat(begin(store, PLACE, "r" + i).own()).isTrue();
    }
    assertThat(store.begin(PLACE, "more", HOUR, false)).isEqualTo(new Beginning.Crowded());
    store.end(PLACE, "r7", begin(store, PLACE, "r7").token());
    assertThat(begin(store, PLACE, "more").own()).isTrue();
  }

  @Test
  void nothingIsKeptWhenMemoryIsNearlyFull() {
    AnswerStore store = store();
    redis.commands().set(redis.tag() + ":full", "1");
    redis.commands().expire(redis.tag() + ":full", 60);
    assertThat(keep(store, PLACE, "{}")).isFalse();
    assertThat(store.find(PLACE)).isEmpty();
  }

  @Test
  void everyProcessHearsWhatIsForgotten() throws InterruptedException {
    AnswerStore one = store();
    AnswerStore other = store();
    BlockingQueue<Forgotten> heard = new LinkedBlockingQueue<>();
    try (var _ = other.onForgotten(heard::add)) {
      assertThat(other.find(PLACE)).isEmpty(); // from now on it listens
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(new Forgotten.Anything());
      one.forget("a b", HOUR);
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(new Forgotten.Name("a b"));
      one.forget("a b", "c1");
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(new Forgotten.Call("a b", "c1"));
    }
  }

  @Test
  void aRedisThatIsAwaySaysSo() {
    try (var own = TestRedis.start()) {
      var away = new RedisQueueFixture(TestRedis.namespace(), own.url());
      away.open();
      try {
        AnswerStore store = away.answers(Duration.ofMillis(500));
        own.kill();
        assertThatThrownBy(() -> store.find(PLACE)).isInstanceOf(QueueUnavailableException.class);
        assertThatThrownBy(() -> store.begin(PLACE, "r", HOUR, false))
            .isInstanceOf(QueueUnavailableException.class);
        own.restart();
        await()
            .atMost(LIMIT)
            .ignoreException(QueueUnavailableException.class)
            .until(() -> store.find(PLACE).isEmpty());
      } finally {
        away.close();
      }
    }
  }
}
