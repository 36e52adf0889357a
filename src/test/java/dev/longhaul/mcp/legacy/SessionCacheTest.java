package dev.longhaul.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionCacheTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();
  private TestStores redis;
  private Signals signals;
  private SessionStore store;
  private SessionCache sessions;
  private String id;

  @BeforeEach
  void begin() {
    redis = new TestStores(100);
    signals = new Signals(redis.stores.signals());
    store = new Counted(redis.sessions(3));
    sessions = new SessionCache(store, signals, now::get);
    id = SessionIds.next();
    sessions.save(new Session(id, "ann", "2025-11-25", "test", "1", "{}", null, null));
  }

  @AfterEach
  void end() {
    redis.close();
  }

  @Test
  void ofTooManySessionsOfACallerTheOneLongestUnusedEnds() {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      others.add(begun("ann"));
    }
    String foreign = begun("bob");
    redis.template().opsForZSet().add(redis.key("owned:ann"), id, 1);
    assertThat(store.touch(id)).isPresent(); // now another session is the least recently used
    begun("ann");

    // Either may have ended, because both may be of the same millisecond.
    assertThat(others).filteredOn(other -> store.touch(other).isPresent()).hasSize(1);
    assertThat(store.touch(id)).isPresent();
    assertThat(store.touch(foreign)).isPresent();
  }

  @Test
  void aSessionThatEndedLeavesRoomForAnother() {
    String second = begun("ann");
    begun("ann");
    assertThat(store.end(second)).isTrue();
    begun("ann");
    assertThat(store.touch(id)).isPresent();
  }

  private String begun(String owner) {
    String other = SessionIds.next();
    store.save(new Session(other, owner, "2025-11-25", "test", "1", "{}", null, null));
    return other;
  }

  @Test
  void aSessionIsLookedUpEachTimeUntilItIsBusy() {
    use(8);
    assertThat(looks).hasValue(8);
    use(100);
    assertThat(looks).hasValue(8);
  }

  @Test
  void aSessionThatStaysBusyIsLookedUpOnceASecond() {
    use(20);
    for (int second = 1; second <= 5; second++) {
      now.addAndGet(Duration.ofMillis(1_100).toNanos());
      use(20);
    }
    assertThat(looks).hasValue(8 + 5);
  }

  @Test
  void aSessionThatWasBusyIsLookedUpEachTimeAgain() {
    use(20);
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    use(3);
    assertThat(looks).hasValue(8 + 3);
  }

  @Test
  void whatThisProcessChangesHoldsAtOnce() {
    use(20);
    assertThat(sessions.logLevel(id, "error")).isTrue();
    assertThat(sessions.touch(id).orElseThrow().logLevel()).isEqualTo("error");
    use(20);
    assertThat(sessions.end(id)).isTrue();
    assertThat(sessions.touch(id)).isEmpty();
  }

  @Test
  void whatAnotherProcessChangesHoldsOnceItSaidSo() {
    use(20);
    store.logLevel(id, "error");
    hear(Signals.changed(id));
    assertThat(sessions.touch(id).orElseThrow().logLevel()).isEqualTo("error");
    use(20);
    store.end(id);
    hear(Signals.ended(id));
    assertThat(sessions.touch(id)).isEmpty();
  }

  @Test
  void whatItMissedHoldsOnceItHearsAgainAndWithinASecond() {
    use(20);
    store.logLevel(id, "error");
    signals.subscribed();
    assertThat(sessions.touch(id).orElseThrow().logLevel()).isEqualTo("error");
    use(20);
    store.end(id);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(sessions.touch(id)).isEmpty();
  }

  private void use(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(sessions.touch(id)).isPresent();
    }
  }

  private void hear(String signal) {
    signals.heard(signal);
  }

  /** Counts the look-ups of a store. */
  private final class Counted implements SessionStore {
    private final SessionStore real;

    Counted(SessionStore real) {
      this.real = real;
    }

    @Override
    public void save(Session session) {
      real.save(session);
    }

    @Override
    public void save(Session session, Duration ttl) {
      real.save(session, ttl);
    }

    @Override
    public Optional<Session> touch(String session) {
      looks.incrementAndGet();
      return real.touch(session);
    }

    @Override
    public boolean logLevel(String session, String level) {
      return real.logLevel(session, level);
    }

    @Override
    public boolean end(String session) {
      return real.end(session);
    }
  }
}
