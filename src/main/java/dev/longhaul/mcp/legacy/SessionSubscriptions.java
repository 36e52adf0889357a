package dev.longhaul.mcp.legacy;

import dev.longhaul.catalog.SubscribedResources;
import dev.longhaul.thread.Supervised;
import dev.longhaul.thread.Threads;
import dev.longhaul.thread.Waiters.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Has this process subscribed to the resources of the sessions that have a stream here. What a
 * session has subscribed to is stored, and read again when it says so and every few seconds.
 */
final class SessionSubscriptions {
  private static final String READING = "reading the subscriptions of sessions";

  /** How long this process keeps the subscription of a session whose stream is elsewhere. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private static final int MOST_KEPT = 1_000;

  private final Subscriptions stored;
  private final SubscribedResources resources;
  private final SessionNotifications notifications;
  private final Signals signals;
  private final Map<String, Held> sessions = new ConcurrentHashMap<>();
  private final Queue<Kept> kept = new ConcurrentLinkedQueue<>();

  SessionSubscriptions(
      Subscriptions stored,
      SubscribedResources resources,
      SessionNotifications notifications,
      Signals signals) {
    this.stored = stored;
    this.resources = resources;
    this.notifications = notifications;
    this.signals = signals;
    notifications.onConnected(this::connected);
    resources.onReview(this::review);
  }

  /** A subscription that lasts until the process with the session's stream has it. */
  private record Kept(SubscribedResources.Subscription subscription, long since) {}

  /** A session with a stream here. */
  private final class Held {
    private final String session;
    private final Waiting signal;
    private Set<String> uris = Set.of();
    private SubscribedResources.@Nullable Subscription subscription;
    private boolean unread = true;
    private boolean ended;

    Held(String session) {
      this.session = session;
      this.signal = signals.on(Signals.subscribed(session), this::readSoon);
    }

    private void readSoon() {
      var _ =
          Threads.virtual("longhaul-mcp-subscriptions", Supervised.repeated(READING, this::read));
    }

    private synchronized void read() {
      Set<String> now = ended ? Set.of() : stored.of(session);
      unread = false;
      if (now.equals(uris)) {
        return;
      }
      var before = subscription;
      // The new ones first, so that nothing is unsubscribed in between.
      subscription = now.isEmpty() ? null : resources.subscribe(now);
      uris = now;
      if (before != null) {
        before.close();
      }
    }

    // Most sessions have none, and say so when they have.
    private synchronized void review() {
      if (unread || !uris.isEmpty()) {
        read();
      }
    }

    private void end() {
      signal.close();
      synchronized (this) {
        ended = true;
        read();
      }
    }
  }

  private void connected(String session) {
    if (resources.isUseful()) {
      held(session).readSoon();
    }
  }

  private Held held(String session) {
    return sessions.computeIfAbsent(session, Held::new);
  }

  /** A session has subscribed to a resource; returns when its updates come, or soon after. */
  void added(String session, String uri) throws InterruptedException {
    if (!resources.isUseful()) {
      return;
    }
    if (notifications.sessions().contains(session)) {
      held(session).read();
    } else {
      if (kept.size() < MOST_KEPT) {
        kept.add(new Kept(resources.subscribe(Set.of(uri)), System.nanoTime()));
      }
      signals.publish(Signals.subscribed(session));
    }
    resources.await(List.of(uri));
  }

  /** A session has unsubscribed from a resource. */
  void removed(String session) {
    if (resources.isUseful()) {
      signals.publish(Signals.subscribed(session));
    }
  }

  private void review() {
    kept.removeIf(each -> {
      boolean over = System.nanoTime() - each.since() >= KEPT.toNanos();
      if (over) {
        each.subscription().close();
      }
      return over;
    });
    Set<String> here = resources.isUseful() ? notifications.sessions() : Set.of();
    sessions.forEach((session, held) -> {
      if (!here.contains(session) && sessions.remove(session, held)) {
        held.end();
      }
    });
    for (String session : here) {
      Supervised.repeated(READING, held(session)::review).run();
    }
  }
}
