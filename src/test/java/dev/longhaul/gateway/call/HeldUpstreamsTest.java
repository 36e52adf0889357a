package dev.longhaul.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which process runs a stdio upstream, with the time of the test. */
class HeldUpstreamsTest {
  private static final Duration LEASE = Duration.ofSeconds(12);

  private final AtomicLong now = new AtomicLong();
  private final Store store = new Store();
  private final List<String> events = new ArrayList<>();
  private final HeldUpstreams one = process("one");
  private final HeldUpstreams two = process("two");

  /** Leases by the time of the test; unavailable while told so. */
  private final class Store implements UpstreamLeases {
    private final Map<String, String> holders = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private boolean available = true;

    @Override
    public Set<String> hold(String process, Set<String> upstreams, Duration lease) {
      if (!available) {
        throw new IllegalStateException("the store is not available");
      }
      Set<String> mine = new HashSet<>();
      for (String upstream : upstreams) {
        if (ends.getOrDefault(upstream, Long.MIN_VALUE) <= now.get()) {
          holders.remove(upstream);
        }
        if (holders.getOrDefault(upstream, process).equals(process)) {
          holders.put(upstream, process);
          ends.put(upstream, now.get() + lease.toNanos());
          mine.add(upstream);
        }
      }
      return mine;
    }

    @Override
    public void giveUp(String process, Set<String> upstreams) {
      if (!available) {
        throw new IllegalStateException("the store is not available");
      }
      upstreams.forEach(upstream -> holders.remove(upstream, process));
    }
  }

  private HeldUpstreams process(String name) {
    return new HeldUpstreams(
        store,
        LEASE,
        new HeldUpstreams.Listener() {
          @Override
          public void won(String upstream) {
            events.add(name + " won " + upstream);
          }

          @Override
          public void lost(String upstream) {
            events.add(name + " lost " + upstream);
          }
        },
        now::get);
  }

  private void pass(int seconds) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private void tick(HeldUpstreams process) {
    try {
      process.renewIfDue();
    } catch (IllegalStateException e) {
      assertThat(store.available).isFalse();
    }
    process.endOverdue();
  }

  private void bothWant(String upstream) {
    one.want(Set.of(upstream));
    two.want(Set.of(upstream));
    tick(one);
    tick(two);
  }

  @Test
  void oneProcessRunsAnUpstreamAndAnotherOnceItIsGivenUp() {
    bothWant("notes");
    assertThat(one.holds("notes")).isTrue();
    assertThat(two.holds("notes")).isFalse();
    for (int i = 0; i < 10; i++) {
      pass(4);
      tick(one);
      tick(two);
    }
    assertThat(events).containsExactly("one won notes");

    one.close();
    pass(4);
    tick(two);
    assertThat(events).containsExactly("one won notes", "one lost notes", "two won notes");
  }

  @Test
  void aHolderThatCannotRenewStopsItsProcessBeforeAnotherOneMayStartOne() {
    bothWant("notes");
    store.available = false;
    pass(7);
    tick(one);
    assertThat(one.holds("notes")).isTrue();
    pass(1);
    assertThat(one.holds("notes")).isFalse(); // starts nothing from here on
    tick(one);
    store.available = true;
    tick(two);
    assertThat(events).containsExactly("one won notes", "one lost notes");
    pass(4);
    tick(two);
    assertThat(events).endsWith("two won notes");
    tick(one);
    assertThat(one.holds("notes")).isFalse();
  }

  @Test
  void aHolderThatWasFrozenStopsItsProcessAlthoughNobodyElseHoldsTheLeaseNow() {
    bothWant("notes");
    long term = one.term("notes");
    pass(30); // another process may have held it meanwhile
    tick(one);
    assertThat(events).containsExactly("one won notes", "one lost notes");
    pass(4);
    tick(one);
    assertThat(one.term("notes")).isGreaterThan(term);
  }

  @Test
  void whatIsNoLongerWantedIsGivenUp() {
    bothWant("notes");
    one.want(Set.of());
    assertThat(events).containsExactly("one won notes", "one lost notes");
    pass(4);
    tick(two);
    assertThat(two.holds("notes")).isTrue();
  }
}
