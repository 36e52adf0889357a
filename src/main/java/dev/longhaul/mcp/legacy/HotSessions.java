package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Spares a session in heavy use its round trip to Redis with every request: from its ninth request
 * in a second on, what is known of it serves for the rest of that second, and if it stays so busy
 * it is looked up once a second. A session that is used as people use one is looked up every time.
 * What another process changes reaches this one by a {@link Signals signal}; if that is lost,
 * within the second.
 */
final class HotSessions implements SessionStore {
  private static final int HOT = 8;
  private static final long WINDOW = Duration.ofSeconds(1).toNanos();
  private static final int MANY = 10_000;

  private final SessionStore store;
  private final Signals signals;
  private final LongSupplier nanos;
  private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

  HotSessions(SessionStore store, Signals signals, LongSupplier nanos) {
    this.store = store;
    this.signals = signals;
    this.nanos = nanos;
    signals.onSessionChanged(this);
  }

  /** What was read of a session at a time, and how often it was asked for since. */
  private record Known(Session session, long since, AtomicInteger uses) {
    boolean within(long window, long now) {
      return now - since < window;
    }
  }

  @Override
  public Optional<Session> touch(String id) {
    long now = nanos.getAsLong();
    Known before = known.get(id);
    boolean current = before != null && before.within(WINDOW, now);
    if (before != null && current && before.uses.incrementAndGet() > HOT) {
      return Optional.of(before.session);
    }
    Optional<Session> found = store.touch(id);
    if (found.isEmpty()) {
      known.remove(id);
    } else if (before == null || !current) {
      boolean stays = before != null && before.within(2 * WINDOW, now) && before.uses.get() > HOT;
      sweep(now);
      known.put(id, new Known(found.get(), now, new AtomicInteger(stays ? HOT : 1)));
    } else {
      // Only if nobody has said meanwhile that it changed.
      known.replace(id, before, new Known(found.get(), before.since, before.uses));
    }
    return found;
  }

  @Override
  public void save(Session session) {
    store.save(session);
    forget(session.id());
  }

  @Override
  public void save(Session session, Duration ttl) {
    store.save(session, ttl);
    forget(session.id());
  }

  @Override
  public boolean logLevel(String id, String level) {
    boolean found = store.logLevel(id, level);
    forget(id);
    signals.publish(Signals.changed(id));
    return found;
  }

  @Override
  public boolean end(String id) {
    boolean found = store.end(id);
    forget(id);
    return found;
  }

  /** Something about a session has changed. */
  void forget(String id) {
    known.remove(id);
  }

  /** Changes may have been missed. */
  void forgetAll() {
    known.clear();
  }

  private void sweep(long now) {
    if (known.size() >= MANY) {
      known.values().removeIf(one -> !one.within(2 * WINDOW, now));
    }
  }
}
