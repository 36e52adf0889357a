package dev.longhaul.mcp.timeout;

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
 * Decides how long a call is held open, so that the response is sent before its client times out. A
 * setting for the client wins; otherwise it is the least of the tool's hold (or the general one)
 * and 80 % of the client's known or learned time-out.
 */
public final class ClientTimeouts {
  /** The shortest hold, however short the client's time-out seems to be. */
  public static final Duration LEAST_HOLD = Duration.ofSeconds(3);

  private static final double MARGIN = 0.8;

  private final Duration hold;
  private final ClientNames<Duration> configured;
  private final ClientNames<Duration> known;
  private final ClientTimeoutStore store;
  private final Clock clock;
  private final LongAdder leaves = new LongAdder();
  private final LongAdder limitsLearnt = new LongAdder();
  private final LongAdder handedOverEarly = new LongAdder();

  /**
   * @param hold the general setting
   * @param configured holds set by the operator, by client name
   * @param known the time-outs of well-known clients
   * @param store stores what is learned
   */
  public ClientTimeouts(
      Duration hold,
      ClientNames<Duration> configured,
      ClientNames<Duration> known,
      ClientTimeoutStore store,
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
        .map(ClientTimeouts::before)
        .reduce(wanted, (one, other) -> one.compareTo(other) < 0 ? one : other);
  }

  /**
   * Whether a client that disconnected after this time has reached its known or learned time-out.
   */
  public boolean gaveUp(String owner, Client client, Duration after) {
    ClientKey key = ClientKey.of(client);
    return Stream.concat(known.find(key.name()).stream(), learnt(owner, key).stream())
        .anyMatch(limit -> LearnedTimeout.alike(limit, after));
  }

  /** Learns that a client disconnected from a held call after this time, without a response. */
  public void left(String owner, Client client, Duration after) {
    if (after.compareTo(LearnedTimeout.LEAST) < 0) {
      return;
    }
    ClientKey key = ClientKey.of(client);
    LearnedTimeout before =
        store.find(owner, key).orElseGet(() -> LearnedTimeout.nothing(clock.instant()));
    LearnedTimeout now = before.left(after, clock.instant());
    leaves.increment();
    if (now.limit() != null && before.limit() == null) {
      limitsLearnt.increment();
    }
    store.put(owner, key, now);
  }

  /** Learns that a client received a response after this time. */
  public void answered(String owner, Client client, Duration after) {
    // No learned limit is shorter than this, so most calls need not read the store.
    if (after.compareTo(LearnedTimeout.LEAST) < 0) {
      return;
    }
    ClientKey key = ClientKey.of(client);
    store
        .find(owner, key)
        .filter(learnt -> learnt.disprovedBy(after))
        .ifPresent(_ -> store.remove(owner, key));
  }

  /**
   * Counts a call that was handed over after this time, if it was the client's time-out that
   * shortened its hold.
   */
  public void handedOver(String owner, Client client, Duration after) {
    ClientKey key = ClientKey.of(client);
    if (after.compareTo(hold) >= 0 || configured.find(key.name()).isPresent()) {
      return;
    }
    Stream.concat(known.find(key.name()).stream(), learnt(owner, key).stream())
        .map(ClientTimeouts::before)
        .min(Comparator.naturalOrder())
        .filter(limit -> limit.compareTo(after) <= 0)
        .ifPresent(_ -> handedOverEarly.increment());
  }

  /** How many clients disconnected from held calls here, 4 s or later after the call began. */
  public long leaves() {
    return leaves.sum();
  }

  /** How many time-outs were learned here. */
  public long limitsLearnt() {
    return limitsLearnt.sum();
  }

  /**
   * How many calls were handed over here before the general hold because of their client's
   * time-out.
   */
  public long handedOverEarly() {
    return handedOverEarly.sum();
  }

  /**
   * The learned time-outs of a caller's clients.
   *
   * @throws org.springframework.dao.DataAccessException if Redis cannot be read
   */
  public Map<ClientKey, LearnedTimeout> learnt(String owner) {
    return store.all(owner);
  }

  /** Forgets what was learned of a client. */
  public void forget(String owner, ClientKey client) {
    store.remove(owner, client);
  }

  /** How long a call of a client with this time-out is held. */
  public static Duration before(Duration limit) {
    Duration less = Duration.ofMillis((long) (limit.toMillis() * MARGIN));
    return less.compareTo(LEAST_HOLD) < 0 ? LEAST_HOLD : less;
  }

  private Optional<Duration> learnt(String owner, ClientKey key) {
    return store.find(owner, key).map(LearnedTimeout::limit);
  }
}
