package dev.longhaul.mcp.patience;

import dev.longhaul.tool.Client;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides how long a call is held open: not longer than its client waits. What the operator says of
 * a client wins; else it is the least of the tool's hold, what is known or was learnt of the client
 * (less a fifth, so that the answer is there before it gives up), and the general hold.
 */
public final class Patience {
  /** No client is held for less, however impatient it seems. */
  public static final Duration LEAST_HOLD = Duration.ofSeconds(3);

  private static final double MARGIN = 0.8;

  private final Duration hold;
  private final ClientNames<Duration> configured;
  private final ClientNames<Duration> known;
  private final PatienceStore store;
  private final Clock clock;
  private final LongAdder leaves = new LongAdder();
  private final LongAdder limitsLearnt = new LongAdder();
  private final LongAdder handedOverEarly = new LongAdder();

  /**
   * @param hold the general setting
   * @param configured what the operator says, by client name
   * @param known after how long clients of a name give up
   * @param store what is learnt
   */
  public Patience(
      Duration hold,
      ClientNames<Duration> configured,
      ClientNames<Duration> known,
      PatienceStore store,
      Clock clock) {
    this.hold = hold;
    this.configured = configured;
    this.known = known;
    this.store = store;
    this.clock = clock;
  }

  /**
   * How long a call of this client is held open.
   *
   * @param toolHold the hold of the tool's policy, or null if it has none
   */
  public Duration hold(String owner, Client client, @Nullable Duration toolHold) {
    ClientKey key = ClientKey.of(client);
    Optional<Duration> special = configured.find(key.name());
    if (special.isPresent()) {
      return special.get();
    }
    Duration wanted = Objects.requireNonNullElse(toolHold, hold);
    return Stream.concat(known.find(key.name()).stream(), learnt(owner, key).stream())
        .map(Patience::before)
        .reduce(wanted, (one, other) -> one.compareTo(other) < 0 ? one : other);
  }

  /** Whether a client that left after this time has given up as it always does. */
  public boolean gaveUp(String owner, Client client, Duration after) {
    ClientKey key = ClientKey.of(client);
    return Stream.concat(known.find(key.name()).stream(), learnt(owner, key).stream())
        .anyMatch(limit -> LearntLimit.alike(limit, after));
  }

  /** A client left a held call after this time without its answer. */
  public void left(String owner, Client client, Duration after) {
    if (after.compareTo(LearntLimit.LEAST) < 0) {
      return;
    }
    ClientKey key = ClientKey.of(client);
    LearntLimit before =
        store.find(owner, key).orElseGet(() -> LearntLimit.nothing(clock.instant()));
    LearntLimit now = before.left(after, clock.instant());
    leaves.increment();
    if (now.limit() != null && before.limit() == null) {
      limitsLearnt.increment();
    }
    store.put(owner, key, now);
  }

  /** A held call of a client was answered after this time, and the client was still there. */
  public void answered(String owner, Client client, Duration after) {
    // Nothing that is learnt is below this, so most calls need not look.
    if (after.compareTo(LearntLimit.LEAST) < 0) {
      return;
    }
    ClientKey key = ClientKey.of(client);
    store
        .find(owner, key)
        .filter(learnt -> learnt.disprovedBy(after))
        .ifPresent(_ -> store.remove(owner, key));
  }

  /** A call was handed over after this time, because it was not held longer. */
  public void handedOver(String owner, Client client, Duration after) {
    ClientKey key = ClientKey.of(client);
    if (after.compareTo(hold) >= 0 || configured.find(key.name()).isPresent()) {
      return;
    }
    Stream.concat(known.find(key.name()).stream(), learnt(owner, key).stream())
        .map(Patience::before)
        .min(Comparator.naturalOrder())
        .filter(limit -> limit.compareTo(after) <= 0)
        .ifPresent(_ -> handedOverEarly.increment());
  }

  /** How many held calls were left by clients here, 4 s or later after they began. */
  public long leaves() {
    return leaves.sum();
  }

  /** How many limits were learnt here. */
  public long limitsLearnt() {
    return limitsLearnt.sum();
  }

  /** How many calls were handed over here before the general hold, for their client's sake. */
  public long handedOverEarly() {
    return handedOverEarly.sum();
  }

  /**
   * What was learnt of a caller's clients.
   *
   * @throws org.springframework.dao.DataAccessException if Redis cannot be read
   */
  public Map<ClientKey, LearntLimit> learnt(String owner) {
    return store.all(owner);
  }

  /** Forgets what was learnt of a client. */
  public void forget(String owner, ClientKey client) {
    store.remove(owner, client);
  }

  /** How long a client is held that gives up after this time. */
  public static Duration before(Duration limit) {
    Duration less = Duration.ofMillis((long) (limit.toMillis() * MARGIN));
    return less.compareTo(LEAST_HOLD) < 0 ? LEAST_HOLD : less;
  }

  private Optional<Duration> learnt(String owner, ClientKey key) {
    return store.find(owner, key).map(LearntLimit::limit);
  }
}
