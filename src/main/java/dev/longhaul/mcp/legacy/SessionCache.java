package dev.longhaul.mcp.legacy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Caches sessions in heavy use: from a session's ninth request within a second on, the copy that
 * was read last is used for the rest of that second, and while it stays that busy it is read from
 * Redis once a second. Other sessions are read with every request. A change by another process
 * invalidates the copy by a {@link Signals signal}; if that is lost, the copy expires within the
 * second.
 */
final class SessionCache implements SessionStore {
  private static final int BUSY_USES = 8;
  private static final long WINDOW = Duration.ofSeconds(1).toNanos();
  private static final int MAX_ENTRIES = 10_000;

  private final SessionStore store;
  private final Signals signals;
  private final LongSupplier nanos;
  private final ConcurrentHashMap<String, Entry> known = new ConcurrentHashMap<>();

  SessionCache(SessionStore store, Signals signals, LongSupplier nanos) {
    this.store = store;
    this.signals = signals;
    this.nanos = nanos;
    signals.onSessionChanged(this);
  }

  /** A copy of a session, when it was read, and how often it was used since. */
  private record Entry(Session session, long since, AtomicInteger uses) {
    boolean within(long window, long now) {
      return now - since < window;
    }
  }

  @Override
  public Optional<Session> touch(String id) {
    long now = nanos.getAsLong();
    Entry before = known.get(id);
    boolean current = before != null && before.within(WINDOW, now);
    if (before != null && current && before.uses.incrementAndGet() > BUSY_USES) {
      return Optional.of(before.session);
    }
    Optional<Session> found = store.touch(id);
    if (found.isEmpty()) {
      known.remove(id);
    } else if (before == null || !current) {
      boolean stays =
          before != null && before.within(2 * WINDOW, now) && before.uses.get() > BUSY_USES;
      sweep(now);
      known.put(id, new Entry(found.get(), now, new AtomicInteger(stays ? BUSY_USES : 1)));
    } else {
      // Not if it was invalidated meanwhile.
      known.replace(id, before, new Entry(found.get(), before.since, before.uses));
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

  /** Invalidates the copy of a session. */
  void forget(String id) {
    known.remove(id);
  }

  /** Invalidates all copies, because signals may have been missed. */
  void forgetAll() {
    known.clear();
  }

  private void sweep(long now) {
    if (known.size() >= MAX_ENTRIES) {
      known.values().removeIf(one -> !one.within(2 * WINDOW, now));
    }
  }
}
