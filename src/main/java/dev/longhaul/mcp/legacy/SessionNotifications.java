package dev.longhaul.mcp.legacy;

import dev.longhaul.thread.Supervised;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Notifies sessions that a list or a resource has changed. Every process receives every change and
 * notifies the sessions whose streams it owns, so each session is notified once. A stream whose
 * client is temporarily disconnected still gets the notification and delivers it when resumed, as
 * does one that another process has just taken over, see {@link EventLog#appendNotification}.
 */
public final class SessionNotifications {
  private static final Supervised NOTIFIED = new Supervised("notifying sessions of changes");

  private final EventLog events;
  private final PushStreams pushStreams;
  private final Subscriptions subscriptions;
  private final long absenceLimit;
  private final ConcurrentHashMap<StreamRef, OwnedStream> owned = new ConcurrentHashMap<>();
  private volatile Consumer<String> connected = _ -> {};

  /**
   * @param absenceLimit how long a stream without a client still gets notifications
   */
  SessionNotifications(
      EventLog events,
      PushStreams pushStreams,
      Subscriptions subscriptions,
      Duration absenceLimit) {
    this.events = events;
    this.pushStreams = pushStreams;
    this.subscriptions = subscriptions;
    this.absenceLimit = absenceLimit.toNanos();
  }

  private record OwnedStream(long owner, boolean left, long since, boolean newlyOpened) {
    /**
     * Whether it was opened (not resumed) after that time: its client has listed nothing yet that
     * could be outdated.
     */
    boolean openedAfter(long time) {
      return newlyOpened && since - time > 0;
    }

    boolean expired(long absenceLimit) {
      return left && System.nanoTime() - since > absenceLimit;
    }
  }

  /**
   * A client has connected to a stream here.
   *
   * @param newlyOpened whether the stream was just opened, and not resumed
   */
  void clientConnected(StreamRef stream, long owner, boolean newlyOpened) {
    owned.put(stream, new OwnedStream(owner, false, System.nanoTime(), newlyOpened));
    connected.accept(stream.session());
  }

  /** Sets who learns that a session has a stream here. It must not block. */
  void onConnected(Consumer<String> listener) {
    connected = listener;
  }

  /** The sessions that have a stream here. */
  Set<String> sessions() {
    owned.values().removeIf(one -> one.expired(absenceLimit));
    return owned.keySet().stream().map(StreamRef::session).collect(Collectors.toSet());
  }

  void clientLeft(StreamRef stream) {
    owned.values().removeIf(one -> one.expired(absenceLimit));
    owned.computeIfPresent(
        stream, (_, one) -> new OwnedStream(one.owner(), true, System.nanoTime(), false));
  }

  /** The stream has ended, and its session with it. */
  void streamEnded(StreamRef stream) {
    owned.remove(stream);
  }

  /**
   * Notifies every session that has a stream here.
   *
   * @param heard when this process received the change, in {@link System#nanoTime}
   */
  public void notifyAllSessions(ObjectNode message, long heard) {
    long now = System.nanoTime();
    owned.forEach((stream, one) -> {
      if (!one.openedAfter(now)) {
        send(stream, one, message, heard);
      }
    });
  }

  /** Notifies every session that has a stream here and has subscribed to the resource. */
  public void notifySubscribers(String uri, ObjectNode message, long heard) {
    owned.forEach((stream, one) -> {
      if (subscribed(stream.session(), uri)) {
        send(stream, one, message, heard);
      }
    });
  }

  private boolean subscribed(String session, String uri) {
    try {
      return subscriptions.contains(session, uri);
    } catch (RuntimeException | Error e) {
      NOTIFIED.failed(e);
      return false;
    }
  }

  private void send(StreamRef stream, OwnedStream one, ObjectNode message, long heard) {
    try {
      if (one.expired(absenceLimit)) {
        owned.remove(stream, one);
        return;
      }
      boolean newest = pushStreams.newest(stream.session()).filter(stream::equals).isPresent();
      Duration since = Duration.ofNanos(System.nanoTime() - heard);
      if (newest && events.appendNotification(stream, message, one.owner(), since).number() == 0) {
        // Taken over by another process some time ago, or expired.
        owned.remove(stream, one);
      }
      NOTIFIED.worked();
    } catch (RuntimeException | Error e) {
      // The other streams are still notified.
      NOTIFIED.failed(e);
    }
  }
}
